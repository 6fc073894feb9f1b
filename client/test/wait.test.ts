import type { HttpRequest } from '../../shared/src/transport.ts';
import type { Duration } from '../src/index.ts';
import { createCall } from '../src/once.ts';
import { refusalOf } from './setting.ts';

/** What a claim asks the service to wait, in seconds, on a clock that goes on meanwhile. */
async function waitAskedFor(wait: Duration): Promise<unknown> {
  const asked: unknown[] = [];
  let now = 0;
  const transport = ({ body }: HttpRequest) => {
    asked.push(body?.['wait']);
    return Promise.resolve({
      ...{ status: 200, headers: {} },
      body: { status: 'in_progress', key: 'j:k', fence: null, retry_after_sec: 86_400 },
    });
  };
  const close = () => Promise.resolve();
  const { once } = createCall(() => Promise.resolve({ transport, close }), {
    now: () => (now += 7),
    ...{ random: () => 0, sleep: close },
  });
  expect((await refusalOf(once('j', 'k', () => 1, { wait }))).code).toBe('in_progress');
  return asked[0];
}

test.each([
  [0, undefined],
  ['250ms', 1],
  ['1s', 1],
  ['1500ms', 2],
  ['20s', 20],
  // The next request asks for the rest.
  ['1h', 20],
] as const)('of a wait of %s, the service is asked for %s seconds', async (wait, seconds) => {
  expect(await waitAskedFor(wait)).toBe(seconds);
});
