import { testOnce } from '../src/testing/index.ts';
import { idempotencyKey } from '../src/web.ts';

/** An API whose requests are all of the user that `scope` names. */
function openApi() {
  const { once } = testOnce();
  let charges = 0;
  return async (scope: unknown): Promise<string> => {
    const charge = idempotencyKey(once, () => new Response(String((charges += 1))), {
      scope: () => scope as string,
    });
    const response = await charge(
      new Request('https://api.example/', { method: 'POST', headers: { 'idempotency-key': '"k-1"' } }),
    );
    return response.text();
  };
}

test('a user may be named by a number, as databases do', async () => {
  const sendAs = openApi();
  expect([await sendAs(7), await sendAs(8), await sendAs(7), await sendAs('7')]).toEqual([
    '1',
    '2',
    '1',
    '1',
  ]);
});

test.each([undefined, null, NaN, 1.5, 2 ** 53, true, {}, '', 'undefined'])(
  'a scope of %p names nobody, and nothing is done',
  async (scope) => {
    const sendAs = openApi();
    await expect(sendAs(scope)).rejects.toMatchObject({
      code: 'invalid',
      message: expect.stringContaining('“scope”'),
    });
    expect(await sendAs('ann')).toBe('1');
  },
);
