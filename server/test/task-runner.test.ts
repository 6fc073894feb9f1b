import fc from 'fast-check';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { INLINE_CHARACTERS, tasks } from '../src/http/tasks.ts';
import { createTaskRunner, type TaskRunner } from '../src/http/task-runner.ts';
import { parseInSteps } from '../src/http/large-json.ts';
import { acquire, serve, temporaryDirectory } from './support.ts';

const started: TaskRunner[] = [];
afterEach(async () => {
  for (const work of started.splice(0)) await work.close();
});
function start(program?: URL): TaskRunner {
  const work = createTaskRunner(() => 0, program);
  started.push(work);
  return work;
}

/** A program for the thread, which finds its `task` and `answer`. */
async function threadThat(does: string): Promise<URL> {
  const file = path.join(await temporaryDirectory(), 'thread.mjs');
  const listen = `parentPort.on('message', (task) => { ${does} });`;
  await writeFile(
    file,
    `import { parentPort } from 'node:worker_threads';\nconst answer = (m) => parentPort.postMessage(m);\n${listen}\n`,
  );
  return pathToFileURL(file);
}

const result = (length: number): string => `{"text":"${'x'.repeat(length - 11)}"}`;

test('a text of up to 16 KiB is worked on at once, a longer one on the thread', async () => {
  const work = start(await threadThat("answer({ result: 'by the thread' })"));
  expect(await work.run('acme', 'judge', result(INLINE_CHARACTERS))).toEqual({
    empty: false,
    reasoningTokens: null,
  });
  expect(await work.run('acme', 'judge', result(INLINE_CHARACTERS + 1))).toBe('by the thread');
});

test('the thread answers as the work itself does', async () => {
  const work = start();
  const payload = `{"payload":{"list":[${'0,'.repeat(20_000)}0]},"source":"generic"}`;
  expect(await work.run('acme', 'derive', payload)).toEqual(tasks.derive(payload, 0));
  expect(await work.run('acme', 'whyNotJson', `${payload},`)).toMatchObject({ status: 422 });
  expect(await work.run('acme', 'judge', `{"a":"${' '.repeat(20_000)}"}`)).toMatchObject({ empty: true });
});

test('tenants take turns on the thread', async () => {
  const work = start(await threadThat('answer({ result: null })'));
  const ended: string[] = [];
  const run = (tenant: string) =>
    work.run(tenant, 'judge', result(INLINE_CHARACTERS + 1)).then(() => void ended.push(tenant));
  await Promise.all([run('many'), run('many'), run('many'), run('many'), run('one')]);
  expect(ended.indexOf('one')).toBeLessThanOrEqual(2);
});

test('what the work throws, or dies of, is told to its own request alone', async () => {
  const work = start(
    await threadThat(
      "if (task.text.includes('dies')) process.exit(1); answer(task.text.includes('throws') ? { failed: 'thrown' } : { result: 'done' })",
    ),
  );
  const run = (word: string) => work.run('acme', 'judge', word + result(INLINE_CHARACTERS));
  const all = await Promise.allSettled([run('dies'), run('works'), run('throws'), run('works')]);
  expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled']);
});

const BATCH = { properties: { items: { items: { properties: { key: {}, list: { items: {} } } } } } };

test('what is parsed in steps is what JSON.parse makes of it, where the schema knows it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ key: fc.json(), list: fc.array(fc.json()) })), async (items) => {
      const padded = items.map((item) => ({ ...item, key: item.key + 'x'.repeat(5_000) }));
      const text = JSON.stringify({ items: padded, unknown: 'x'.repeat(INLINE_CHARACTERS) }, null, 1);
      expect(await parseInSteps(text, BATCH)).toEqual({ items: padded });
    }),
    { numRuns: 50 },
  );
});

test('every item of a batch is a step, and so is each element of a list', async () => {
  let turns = 0;
  const yieldToOthers = () => Promise.resolve(void (turns += 1));
  const items = Array.from({ length: 400 }, () => ({ key: 'x'.repeat(100) }));
  await parseInSteps(JSON.stringify({ items }), BATCH, yieldToOthers);
  expect(turns).toBeGreaterThanOrEqual(400);
  const list = Array.from({ length: 9_000 }, () => 0);
  expect(
    await parseInSteps(JSON.stringify({ items: list }), { properties: { key: {} } }, yieldToOthers),
  ).toEqual({});
  const long = (await parseInSteps(JSON.stringify({ items: list }), BATCH, yieldToOthers)) as {
    items: unknown[];
  };
  expect(long.items).toHaveLength(9_000);
});

test('a large value stays text, and is known by its kind', async () => {
  const members = `"x":{"n":[${'0,'.repeat(INLINE_CHARACTERS)}0]}`;
  const known = { properties: { result: {}, payload: {} } };
  const text = `{"result":{${members}},"payload":[${'0,'.repeat(INLINE_CHARACTERS)}0],"y":1}`;
  const value = (await parseInSteps(text, known)) as { result: unknown; payload: unknown[] };
  expect(value.result).toEqual({});
  expect(value.payload).toHaveLength(INLINE_CHARACTERS + 1);
  expect(value).not.toHaveProperty('y');
});

test('a large value that a route reads is parsed, whatever its schema leaves open', async () => {
  const inputs = { token: 't', result: 'x'.repeat(INLINE_CHARACTERS), list: [{ deep: true }] };
  const known = { properties: { inputs: {} } };
  expect(await parseInSteps(JSON.stringify({ inputs }), known)).toEqual({ inputs });
});

test('large requests go to the thread, small ones do not', async () => {
  const asked: string[] = [];
  const real = start();
  const work: TaskRunner = {
    run(tenant, name, text) {
      if (text.length > INLINE_CHARACTERS) asked.push(`${tenant} ${name}`);
      return real.run(tenant, name, text);
    },
    close: () => real.close(),
  };
  const server = await serve({ tasks: work });
  const numbers = `[${'0,'.repeat(30_000)}0]`;
  const { body } = await server.post('/v1/keys/derive', `{"source":"generic","payload":${numbers}}`);
  expect(body.key).toMatch(/^sha256-/);
  const claimed = await server.post('/v1/ai/lease', `{"source":"generic","payload":${numbers}}`);
  expect(claimed.body).toMatchObject({ status: 'acquired', key: body.key });
  const locked = await server.post('/v1/check-lock', `{"source":"generic","payload":${numbers}}`);
  expect(locked.body).toMatchObject({ status: 'locked', key: body.key });
  expect(asked).toEqual(['whyNotJson', 'derive', 'whyNotJson', 'derive', 'whyNotJson', 'derive'].map(of));
  asked.length = 0;

  const inputs = `{"job":"j","key_from":"whole","payload":${numbers}}`;
  const make = await server.post('/v1/make/claimKey', `{"inputs":${inputs}}`);
  expect(make.body.items).toMatchObject([{ status: 'claimed', key: `j:${body.key}` }]);
  expect(asked).toEqual(['whyNotJson', 'nameEvent'].map(of));
  asked.length = 0;

  const lease = await acquire(server, 'k');
  const complete = `{"key":"k","lease_id":"${lease}","reject_empty":true,"result":{"n":${numbers}}}`;
  expect((await server.post('/v1/ai/complete', complete)).body.status).toBe('completed');
  expect((await server.get('/v1/ai/result?key=k')).text).toContain(`"result":{"n":${numbers}}`);
  expect(asked).toEqual(['whyNotJson', 'judge'].map(of));
  asked.length = 0;

  const items = `{"payload":${numbers}},{"key":"small"},{"payload":${numbers}},{"fields":[0]}`;
  const batch = await server.post('/v1/ai/lease/batch', `{"items":[${items}]}`);
  expect(batch.body.items.map(({ status, error }) => error?.status ?? status)).toEqual([
    ...['in_progress', 'acquired', 'in_progress', 422],
  ]);
  expect(asked).toEqual(['whyNotJson', 'derive', 'derive'].map(of));
});

const of = (name: string): string => `acme ${name}`;

test('a large body that is no JSON, or says wrong things, is refused as a small one is', async () => {
  const server = await serve();
  const pad = `"x":"${'x'.repeat(INLINE_CHARACTERS)}"`;
  for (const [path, small, large] of [
    ['/v1/ai/lease', '{"key":0}', `{"key":0,${pad}}`],
    ['/v1/ai/lease', '{', `{${pad}`],
    ['/v1/ai/lease', '[]', `[{${pad}}]`],
    ['/v1/ai/lease/batch', '{}', `{${pad}}`],
    ['/v1/ai/lease/batch', '{"items":{}}', `{"items":{${pad}}}`],
    ['/v1/hooks', '{"url":0,"events":[0]}', `{"url":0,"events":[0],${pad}}`],
    ['/v1/ai/lease/batch', '{"items":[0,{"key":0}]}', `{"items":[0,{"key":0,${pad}}]}`],
  ] as const) {
    const [one, other] = [await server.post(path, small), await server.post(path, large)];
    expect([path, other.status, other.body]).toEqual([path, one.status, one.body]);
  }
});
