import { testOnce } from '../src/testing/index.ts';
import { idempotencyKey } from '../src/web.ts';

const send = (handler: (request: Request) => Promise<Response>) =>
  handler(
    new Request('https://api.example/charges', { method: 'POST', headers: { 'idempotency-key': 'k-1' } }),
  );

test('Response.error() is no answer: the next request is done', async () => {
  const answers = [Response.error(), new Response('charged')];
  const handler = jest.fn(() => answers.shift() ?? new Response('charged twice'));
  const charge = idempotencyKey(testOnce().once, handler, { scope: 'everyone' });
  expect((await send(charge)).type).toBe('error');
  for (let nth = 0; nth < 2; nth += 1) expect(await (await send(charge)).text()).toBe('charged');
  expect(handler).toHaveBeenCalledTimes(2);
});

test('server-sent events are passed on at once, however their type is written', async () => {
  const events = new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(new TextEncoder().encode('data: 1\n\n'));
    },
  });
  const charge = idempotencyKey(
    testOnce().once,
    () => new Response(events, { headers: { 'content-type': 'Text/Event-Stream' } }),
    { scope: 'everyone' },
  );
  const reader = ((await send(charge)).body as ReadableStream<Uint8Array> | null)?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('data: 1\n\n');
  expect((await send(charge)).status).toBe(410);
});
