import { onExpress, onFetch, onHono, type App } from './apps.ts';
import { useSetting } from './setting.ts';

const setting = useSetting();

let app: App | undefined;
afterEach(async () => {
  await app?.close();
  app = undefined;
});

describe.each([
  ['Express', onExpress],
  ['Hono', onHono],
  ['a bare fetch handler', onFetch],
])('on %s, with a fingerprint of its own', (_, start) => {
  async function started(reply = jest.fn(() => ({ body: 'changed' }))) {
    app = await start(setting.once, reply, { fingerprint: () => 'the same form' });
    const { url } = app;
    const send = (path: string, method = 'POST') =>
      fetch(url + path, { method, body: 'form', headers: { 'x-user': 'ann', 'idempotency-key': '"k-1"' } });
    return { send, reply };
  }

  test.each([
    ['path', '/users/2', 'PATCH'],
    ['method', '/users/1', 'POST'],
  ])('the same form with another %s is another request, refused with 422', async (_what, path, method) => {
    const { send, reply } = await started();
    expect((await send('/users/1', 'PATCH')).status).toBe(200);
    expect((await send(path, method)).status).toBe(422);
    expect(reply).toHaveBeenCalledTimes(1);
  });

  test('a query that it leaves out counts for nothing', async () => {
    const { send, reply } = await started();
    for (const path of ['/users?at=1', '/users?at=2', '/users']) expect((await send(path)).status).toBe(200);
    expect(reply).toHaveBeenCalledTimes(1);
  });
});
