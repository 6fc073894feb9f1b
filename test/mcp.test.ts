import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openWorld, type World } from './world.ts';

const PROGRAM = join(import.meta.dirname, '../server/bin/onceonly-server.js');
const BUILT = join(import.meta.dirname, '../server/dist');
const CALL = { run: 'task-7', tool: 'create_ticket', arguments: { title: 'Printer', priority: 2 } };

type Given = Readonly<Record<string, unknown>>;

interface Said {
  readonly isError: boolean;
  readonly text: string;
  readonly outputs: Given;
}

let world: World;
const clients: Client[] = [];

beforeEach(async () => {
  world = await openWorld();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await world.close();
});

/** A client of the protocol's own library, and the built command line that it starts. */
async function open(baseUrl = world.baseUrl): Promise<Client> {
  const client = new Client({ name: 'test', version: '1' });
  clients.push(client);
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ['--no-strip-types', PROGRAM, 'mcp'],
      env: { ONCEONLY_URL: baseUrl, ONCEONLY_API_KEY: world.apiKey },
    }),
  );
  // From here on it checks every answer against the tool's schema.
  await client.listTools();
  return client;
}

async function call(client: Client, name: string, given: Given): Promise<Said> {
  const { isError, content, structuredContent } = await client.callTool({ name, arguments: { ...given } });
  const [first] = content as readonly { readonly text: string }[];
  return {
    isError: isError === true,
    text: first?.text ?? '',
    outputs: (structuredContent ?? {}) as Given,
  };
}

test('the tools, and what a model is told of them', async () => {
  const client = await open();
  const { tools } = await client.listTools();
  expect(client.getInstructions()).toContain('call claim');
  expect(tools.map(({ name }) => name)).toEqual(['claim', 'complete', 'fail', 'status']);
  expect(tools).toMatchSnapshot();
});

test('the second of two identical calls gets what came of the first', async () => {
  const [one, other] = await Promise.all([open(), open()]);
  const first = await call(one, 'claim', CALL);
  expect(first.outputs).toMatchObject({ status: 'claimed', proceed: true, attempt: 1 });
  expect(JSON.parse(first.text)).toEqual(first.outputs);
  const done = await call(one, 'complete', {
    claim_token: first.outputs['claim_token'],
    result: { ticket: 17 },
  });
  expect(done.outputs).toMatchObject({ completed: true, next: 'The work is done.' });

  const again = { ...CALL, arguments: { priority: 2, title: 'Printer' } };
  const second = await call(other, 'claim', again);
  expect(second.outputs).toMatchObject({ status: 'completed', proceed: false, result: { ticket: 17 } });
  expect(second.outputs['next']).toContain('Do not do the work');
  const seen = await call(other, 'status', again);
  expect(seen.outputs).toMatchObject({ status: 'completed', result: { ticket: 17 } });
});

test('of calls at once one goes on, and the others wait for what comes of it', async () => {
  const client = await open();
  const first = await call(client, 'claim', CALL);
  const others = Array.from({ length: 4 }, () => call(client, 'claim', CALL));
  await call(client, 'complete', { claim_token: first.outputs['claim_token'], result: 'ticket 17' });
  for (const { outputs } of await Promise.all(others))
    expect(outputs).toMatchObject({ status: 'completed', proceed: false, result: 'ticket 17' });
});

test('other arguments, another tool, another run are other work', async () => {
  const client = await open();
  const works = [CALL, { ...CALL, arguments: {} }, { ...CALL, tool: 'refund' }, { ...CALL, run: 'task-8' }];
  for (const work of works) expect((await call(client, 'claim', work)).outputs['proceed']).toBe(true);
});

test('after a failure the next may go', async () => {
  const client = await open();
  const work = { job: 'send invoice', key: 'INV-1042' };
  const first = await call(client, 'claim', work);
  const failed = await call(client, 'fail', { claim_token: first.outputs['claim_token'], reason: 'timeout' });
  expect(failed.outputs).toMatchObject({ failed: true });
  expect((await call(client, 'status', work)).outputs).toMatchObject({
    ...{ status: 'failed', error_code: 'timeout' },
    next: expect.stringContaining('call claim again'),
  });
  expect((await call(client, 'claim', work)).outputs).toMatchObject({ proceed: true, attempt: 2 });
});

test('work that comes back empty is not done, and is given up after so many attempts', async () => {
  const client = await open();
  const work = { ...CALL, max_attempts: 2 };
  for (const attempt of [1, 2]) {
    const { outputs } = await call(client, 'claim', work);
    expect(outputs).toMatchObject({ proceed: true, attempt });
    const ended = await call(client, 'complete', {
      claim_token: outputs['claim_token'],
      result: '<think>Hm.</think>',
      reject_empty: true,
    });
    expect(ended.outputs).toMatchObject({ completed: false, error_code: 'empty_output' });
  }
  expect((await call(client, 'claim', work)).outputs).toMatchObject({
    ...{ status: 'exhausted', proceed: false, error_code: 'empty_output' },
    next: expect.stringContaining('Tell the user'),
  });
});

test('a mistake names the field, and claims nothing', async () => {
  const client = await open();
  const mistakes: readonly (readonly [string, string, Given])[] = [
    ['claim', 'key', {}],
    ['claim', 'job', { key: 'INV-1' }],
    ['claim', 'job', { key: 'INV-1', job: 'a:b' }],
    ['claim', 'run', { tool: 't', arguments: {} }],
    ['claim', 'tool', { run: 'r', arguments: {} }],
    ['claim', 'arguments', { run: 'r', tool: 't' }],
    ['claim', 'arguments', { run: 'r', tool: 't', arguments: '{}' }],
    ['claim', 'run', { run: 'r', key: 'INV-1', job: 'j' }],
    ['claim', 'args', { run: 'r', tool: 't', args: {} }],
    ['claim', 'hold_minutes', { ...CALL, hold_minutes: 0 }],
    ['complete', 'claim_token', { claim_token: 'of nobody' }],
    ['fail', 'claim_token', {}],
    ['status', 'run', { run: 'x'.repeat(65), tool: 't', arguments: {} }],
  ];
  for (const [tool, field, given] of mistakes) {
    const { isError, text, outputs } = await call(client, tool, given);
    expect([tool, given, isError, outputs]).toEqual([tool, given, true, {}]);
    expect(text).toMatch(new RegExp(`^${field}: `));
  }
  expect(await call(client, 'clam', CALL)).toMatchObject({
    isError: true,
    text: expect.stringContaining('claim'),
  });
  expect((await call(client, 'status', CALL)).outputs['exists']).toBe(false);
});

test('a completion that comes too late says so', async () => {
  const client = await open();
  const first = await call(client, 'claim', { ...CALL, hold_minutes: 1 });
  world.advance(60_000);
  expect((await call(client, 'claim', CALL)).outputs).toMatchObject({ proceed: true, attempt: 2 });
  const late = await call(client, 'complete', { claim_token: first.outputs['claim_token'] });
  expect(late.outputs).toMatchObject({ status: 'lease_lost', completed: false });
  expect(late.outputs['next']).toContain('Tell the user');
});

test('without an answer of the server, a claim is an error that says not to do the work', async () => {
  const client = await open('http://127.0.0.1:1');
  const { isError, text } = await call(client, 'claim', CALL);
  expect(isError).toBe(true);
  expect(text).toContain('OnceOnly could not be reached');
  expect(text).toMatch(/Do not do the work: nobody knows whether it was done before\.$/);
  expect(text).not.toContain(world.apiKey);
});

test('other commands do not load the protocol’s library', () => {
  const loaded = new Set(['./cli.js']);
  for (const file of loaded) {
    const text = readFileSync(join(BUILT, file), 'utf8');
    expect([file, /^(?:import |\} from )[^;(]*"@modelcontextprotocol\//m.test(text)]).toEqual([file, false]);
    // What is imported as it is loaded; a Set goes on with what is added meanwhile.
    for (const [, chunk = ''] of text.matchAll(/^(?:import |\} from )[^;(]*"(\.\/[^"]+)";/gm))
      loaded.add(chunk);
  }
  expect(loaded.size).toBeGreaterThan(1);
});
