import { createHash } from 'node:crypto';
import { acquire, serve, type TestServer } from './support.ts';

async function rejectEmpty(server: TestServer, key: string, result: unknown): Promise<string> {
  const lease = await acquire(server, key);
  const body = { key, lease_id: lease, reject_empty: true, ...(result === undefined ? {} : { result }) };
  return (await server.post('/v1/ai/complete', body)).body.status;
}

test('reject_empty fails an empty result, retryable, and repeats its answer', async () => {
  const server = await serve();
  const empty = [
    undefined,
    null,
    {},
    { value: '' },
    { value: ' \n' },
    { a: null, b: [], c: {} },
    { a: { b: [{ c: ['', null] }] } },
  ];
  for (const [index, result] of empty.entries()) {
    expect([index, await rejectEmpty(server, `e${String(index)}`, result)]).toEqual([index, 'failed']);
  }
  const full = [{ a: 0 }, { a: false }, { value: 'x' }, { a: [[1]] }];
  for (const [index, result] of full.entries()) {
    expect([index, await rejectEmpty(server, `f${String(index)}`, result)]).toEqual([index, 'completed']);
  }
  const lease = await acquire(server, 'again');
  const body = { key: 'again', lease_id: lease, result: {}, reject_empty: true };
  const first = await server.post('/v1/ai/complete', body);
  expect(first.body).toMatchObject({
    ok: true,
    status: 'failed',
    error_code: 'empty_output',
    retryable: true,
  });
  expect((await server.post('/v1/ai/complete', body)).body).toEqual(first.body);
  expect((await server.post('/v1/ai/lease', { key: 'again' })).body).toMatchObject({
    status: 'acquired',
    attempt: 2,
  });
});

test('a model that thought and said nothing fails the key, and its thoughts are counted', async () => {
  const server = await serve();
  const lease = await acquire(server, 'k');
  const result = {
    choices: [{ index: 0, message: { role: 'assistant', content: '' }, finish_reason: 'length' }],
    usage: { completion_tokens: 4_096, completion_tokens_details: { reasoning_tokens: 4_096 } },
  };
  const body = { key: 'k', lease_id: lease, result, reject_empty: true };
  const failed = { status: 'failed', error_code: 'empty_output', retryable: true, reasoning_tokens: 4_096 };
  expect((await server.post('/v1/ai/complete', body)).body).toMatchObject(failed);
  expect((await server.get('/v1/ai/result?key=k')).body).toMatchObject({ status: 'failed', result: null });
  const again = await server.post('/v1/ai/complete/batch', { items: [body] });
  expect(again.body.items).toMatchObject([failed]);

  const second = await acquire(server, 'k');
  const done = { ...body, lease_id: second, result: { value: '<think>hm</think>42' } };
  const completed = (await server.post('/v1/ai/complete', done)).body;
  expect(completed.status).toBe('completed');
  expect(completed).not.toHaveProperty('reasoning_tokens');
});

describe('with truncate_result, a result that is too large', () => {
  const THOUGHTS = `<think>${'hm '.repeat(130_000)}</think>`;
  const complete = async (server: TestServer, result: object, more: object = {}) => {
    const body = { key: 'k', lease_id: await acquire(server, 'k'), result, truncate_result: true, ...more };
    return (await server.post('/v1/ai/complete', body)).body;
  };
  const read = async (server: TestServer) => (await server.get('/v1/ai/result?key=k')).body;

  test('is left out with its hash, and the key is done', async () => {
    const server = await serve();
    const result = { value: `${THOUGHTS}42` };
    const result_hash = createHash('sha256').update(JSON.stringify(result)).digest('hex');
    expect(await complete(server, result, { reject_empty: true })).toMatchObject({
      status: 'completed',
      result_hash,
    });
    expect(await read(server)).toMatchObject({ result: { truncated: true }, result_hash });
  });

  test('is judged whole: an empty one fails the key', async () => {
    const server = await serve();
    expect(await complete(server, { value: THOUGHTS }, { reject_empty: true })).toMatchObject({
      status: 'failed',
      error_code: 'empty_output',
    });
  });

  test('keeps the hash that was sent, in a batch too', async () => {
    const server = await serve();
    const item = { key: 'k', lease_id: await acquire(server, 'k'), result: { value: THOUGHTS } };
    const items = [{ ...item, truncate_result: true, result_hash: 'mine' }];
    const { body } = await server.post('/v1/ai/complete/batch', { items });
    expect(body.items).toMatchObject([{ status: 'completed', result_hash: 'mine' }]);
  });

  test('and one within the limit is kept as it was sent', async () => {
    const server = await serve();
    await complete(server, { value: 42 });
    expect(await read(server)).toMatchObject({ result: { value: 42 }, result_hash: null });
  });
});
