import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { main } from '../src/cli/main.ts';
import type { Terminal } from '../src/cli/terminal.ts';
import { openCommandLine } from './cli-setting.ts';
import { until } from './receiver.ts';

let setting: Awaited<ReturnType<typeof openCommandLine>>;

beforeAll(async () => {
  setting = await openCommandLine();
});

afterAll(async () => {
  await setting.close();
});

test('status says that the server is ready, whose key it is, and what came of claims', async () => {
  await setting.claim('status:1');
  const { code, out } = await setting.runAlone(['status']);
  expect(code).toBe(0);
  expect(out).toMatch(new RegExp(`^Server +${setting.url}, ready$`, 'm'));
  expect(out).toMatch(/^Store +SQLite, write-ahead log/m);
  expect(out).toMatch(/^API key +key_\S+ of the tenant acme, role operator$/m);
  expect(out).toMatch(/^Today \(UTC\) +.*claimed \d/m);
  const json = JSON.parse((await setting.run('status', '--json')).out) as object;
  expect(json).toMatchObject({ ready: true, tenant: 'acme', role: 'operator', unresolved: 0 });
});

test('status does without /readyz, which a proxy keeps inside, and takes no wrong address for a store that is down', async () => {
  const proxy = createServer((request, response) => {
    const inside = request.url === '/readyz';
    const { authorization = '' } = request.headers;
    void fetch(setting.url + String(request.url), { headers: { authorization } }).then(async (answer) => {
      response.writeHead(inside ? 404 : answer.status).end(inside ? '' : await answer.text());
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${String((proxy.address() as AddressInfo).port)}`;
  const through = await setting.run('status', '--url', url);
  expect(through).toMatchObject({ code: 0, err: '' });
  expect(through.out).toContain(`${url}, which answers; whether it is ready, /readyz tells inside`);
  expect(JSON.parse((await setting.run('status', '--url', url, '--json')).out)).toMatchObject({
    ready: null,
  });
  proxy.close();
  const elsewhere = await setting.run('status', '--url', `${setting.url}/elsewhere`);
  expect(elsewhere).toMatchObject({ code: 1, out: '' });
  expect(elsewhere.err).toContain('There is no GET /elsewhere/v1/');
});

test('keys are listed as a table and as JSON, by prefix and status; what they hold cannot move the cursor', async () => {
  const done = await setting.claim('list:請求書');
  await setting.post('/v1/ai/complete', { key: 'list:請求書', lease_id: done.lease_id });
  await setting.claim('list:\u001b[31mred');
  const { code, out } = await setting.run('keys', '--prefix', 'list:');
  expect(code).toBe(0);
  const [header = '', ...rows] = out.trimEnd().split('\n');
  expect(header).toMatch(/^KEY +STATUS +ATTEMPT +CLAIMED +ENDS OR ENDED +ERROR$/);
  expect(rows.toSorted()).toEqual([
    expect.stringMatching(/^list:\\u\{1b\}\[31mred +in_progress +1 /),
    expect.stringMatching(/^list:請求書 +completed +1 /),
  ]);
  // Of wide characters each takes two columns.
  expect(rows.find((row) => row.includes('請'))?.indexOf('completed')).toBe(header.indexOf('STATUS') - 3);
  const json = await setting.run('keys', '--prefix', 'list:', '--status', 'completed', '--json');
  expect(JSON.parse(json.out)).toEqual([
    expect.objectContaining({ key: 'list:請求書', status: 'completed' }),
  ]);
  const some = await setting.run('keys', '--prefix', 'list:', '--limit', '1', '--json');
  expect(JSON.parse(some.out)).toHaveLength(1);
  expect(some.err).toMatch(/--limit shows more/);
  expect(await setting.run('keys', '--prefix', 'none:')).toMatchObject({ code: 0, out: '' });
});

test('a key is shown with its result and its history', async () => {
  const { lease_id } = await setting.claim('show:1', { run: 'run-7' });
  await setting.claim('show:1');
  await setting.post('/v1/ai/complete', { key: 'show:1', lease_id, result: { invoice: 'in_1' } });
  const { code, out } = await setting.run('show', 'show:1');
  expect(code).toBe(0);
  expect(out).toMatch(/^Status +completed: /m);
  expect(out).toMatch(/^Result +\{"invoice":"in_1"\}$/m);
  expect(out).toMatch(/Z {2}claimed +show:1 {2}run run-7\n.*duplicate.*\n.*completed/);
  const json = JSON.parse((await setting.run('show', 'show:1', '--json')).out) as object;
  expect(json).toMatchObject({ status: 'completed', result: { invoice: 'in_1' } });
  expect(await setting.run('show', 'show:none')).toMatchObject({ code: 2, out: '' });
});

test('a key is shown, however deep its result', async () => {
  const { lease_id } = await setting.claim('show:deep');
  const result = JSON.parse(`{"a":${'['.repeat(3_000)}${']'.repeat(3_000)}}`) as object;
  expect(await setting.post('/v1/ai/complete', { key: 'show:deep', lease_id, result })).toMatchObject({
    status: 'completed',
  });
  const { out } = await setting.run('show', 'show:deep');
  expect(/^Result +(.*)$/m.exec(out)?.[1]).toBe(JSON.stringify(result));
});

test('a result is shown and decided digit by digit, since JavaScript rounds long numbers', async () => {
  const result = '{"id":9007199254740993001,"rate":1.10,"zero":-0,"far":1e400}';
  const { lease_id } = await setting.claim('show:long');
  await setting.post('/v1/ai/complete', `{"key":"show:long","lease_id":"${lease_id}","result":${result}}`);
  await setting.claim('show:decided');
  const decided = ['--as', 'completed', '--result', result, '--yes'];
  expect(await setting.run('resolve', 'show:decided', ...decided)).toMatchObject({ code: 0 });
  for (const key of ['show:long', 'show:decided']) {
    expect((await setting.run('show', key)).out).toContain(result);
    const { out } = await setting.run('show', key, '--json');
    expect(out).toContain(`\n  "result": ${result},\n`);
    expect(JSON.parse(out)).toMatchObject({ key, result: { rate: 1.1 } });
  }
});

test('a key is shown with its history, however much happened to others of its job since', async () => {
  await setting.claim('busy:first');
  const others = Array.from({ length: 500 }, (_, n) => ({ key: `busy:${String(n)}` }));
  for (let round = 0; round < 3; round += 1) await setting.post('/v1/ai/lease/batch', { items: others });
  const newest = await setting.events('/v1/events?limit=1000&job=busy');
  expect(newest).toHaveLength(1_000);
  expect(newest).not.toContain('busy:first');
  expect((await setting.run('show', 'busy:first')).out).toMatch(/Z {2}claimed +busy:first\n/);
});

test('what a key holds moves no cursor and adds no line, whatever is said of it, in JSON too', async () => {
  const key = 'raw:\u001b[2J\u202e\nWhat came of its work?';
  const written = 'raw:\\u{1b}[2J\\u{202e}\\u{a}What came of its work?';
  const { lease_id } = await setting.claim(key);
  const said = [
    await setting.run('show', key),
    await setting.run('show', key, '--json'),
    await setting.run('keys', '--prefix', 'raw:', '--json'),
    await setting.run('resolve', key, '--as', 'failed', '--version', '99'),
    await setting.run('release', key),
    await setting.run('show', `${key}?`),
    await setting.run('resolve', `${key}?`, '--as', 'failed'),
  ];
  await setting.claim(key);
  said.push(await setting.run('resolve', key, '--as', 'completed', '--result', '{"a":"\u202e"}', '--json'));
  const tail = setting.tail('--json', '--job', 'raw');
  await until(() => tail.out().includes('resolved'));
  await tail.end('SIGKILL');
  for (const text of [...said.flatMap(({ out, err }) => [out, err]), tail.out()]) {
    expect(text.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
    expect(text).not.toMatch(/^What came of its work\?/m);
  }
  expect(said[4]).toMatchObject({ code: 0, out: `“${written}” is released now.\n` });
  expect(said[5]?.err).toContain(`There is no key “${written}?”`);
  expect(JSON.parse(said[1]?.out ?? '')).toMatchObject({ key });
  expect(lease_id).toBeDefined();
  const asked: string[] = [];
  await setting.claim(key);
  try {
    await main(['node', 'onceonly-server', 'release', key], {
      env: setting.where.env,
      out: (text) => asked.push(text),
      err: (text) => asked.push(text),
      ask: (question) => Promise.resolve(asked.push(question) > 0 ? 'no' : ''),
    });
  } finally {
    process.exitCode = 0;
  }
  expect(asked.join('')).toContain(`Is “${written}” to be released?`);
  expect(asked.join('').replaceAll('\n', '')).not.toMatch(/\p{C}/u);
});

test('a key is released, and resolved as what it is said to have come to', async () => {
  await setting.claim('decide:1');
  expect(await setting.run('release', 'decide:1', '--reason', 'a test')).toMatchObject({
    code: 0,
    out: '“decide:1” is released now.\n',
  });
  expect(await setting.claim('decide:1')).toMatchObject({ status: 'acquired', attempt: 2 });
  const asCompleted = ['resolve', 'decide:1', '--as', 'completed', '--result', '{"by":"hand"}', '--json'];
  expect(JSON.parse((await setting.run(...asCompleted)).out)).toMatchObject({ status: 'completed' });
  expect(await setting.claim('decide:1')).toMatchObject({ status: 'completed', result: { by: 'hand' } });
  expect(await setting.run('resolve', 'decide:1')).toMatchObject({
    code: 1,
    err: 'Say what came of its work: --as completed, or --as failed, or --as released.\n',
  });
  expect(await setting.run('resolve', 'decide:none', '--as', 'failed')).toMatchObject({ code: 2 });
});

test('a key that was changed since it was shown is left alone', async () => {
  const { lease_id } = await setting.claim('changed:1');
  const { version } = JSON.parse((await setting.run('show', 'changed:1', '--json')).out) as {
    version: number;
  };
  await setting.post('/v1/ai/extend', { key: 'changed:1', lease_id, ttl: 900 });
  const args = ['resolve', 'changed:1', '--as', 'failed', '--version', String(version)];
  const refused = await setting.run(...args);
  expect(refused).toMatchObject({ code: 3, out: '' });
  expect(refused.err).toMatch(/^“changed:1” was changed since it was shown, so nothing was done\./);
  expect(await setting.claim('changed:1')).toMatchObject({ status: 'in_progress' });
});

test('a person is shown the key and asked, and it is refused where it changed before the answer', async () => {
  const { lease_id } = await setting.claim('asked:1');
  let err = '';
  const answers = ['completed', 'yes'];
  const terminal: Terminal = {
    env: setting.where.env,
    out: () => undefined,
    err: (text) => (err += text),
    async ask(question) {
      err += question;
      const answer = answers.shift() ?? '';
      if (answer === 'yes') await setting.post('/v1/ai/complete', { key: 'asked:1', lease_id });
      return answer;
    },
  };
  try {
    await main(['node', 'onceonly-server', 'resolve', 'asked:1'], terminal);
    expect(process.exitCode).toBe(3);
  } finally {
    process.exitCode = 0;
  }
  expect(err).toMatch(/^Key +asked:1\nStatus +in_progress/);
  expect(err).toContain('What came of its work?');
  expect(err).toContain('Is “asked:1” to be completed? (yes or no)');
  expect(err).toContain('was changed since it was shown');
});

test('what goes wrong is a sentence, with an exit code that says which', async () => {
  const web = createServer(({ url = '' }, response) =>
    response.end(url.startsWith('/json/') ? '{}' : '<html>'),
  );
  await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve));
  const other = `http://127.0.0.1:${String((web.address() as AddressInfo).port)}`;
  const json = { ONCEONLY_URL: `${other}/json` };
  const cases: [string[], Record<string, string>, number, RegExp][] = [
    [
      ['keys'],
      { ONCEONLY_API_KEY: setting.automation },
      5,
      /^The server refused this key: it is an automation key\. Make an operator key with: onceonly-server api-keys create/,
    ],
    [['status'], { ONCEONLY_API_KEY: `once_live_${'C'.repeat(43)}` }, 5, /does not know this API key/],
    [['status'], { ONCEONLY_API_KEY: '' }, 5, /^There is no API key: set ONCEONLY_API_KEY\./],
    [
      ['status'],
      { ONCEONLY_URL: 'http://127.0.0.1:9' },
      4,
      /^There is no answer at http:\/\/127\.0\.0\.1:9\./,
    ],
    [['keys'], { ONCEONLY_URL: other }, 1, /, but not OnceOnly/],
    [['keys'], json, 1, /, but not OnceOnly/],
    [['status'], json, 1, /, but not OnceOnly/],
    [['show', 'k'], json, 1, /, but not OnceOnly/],
    [['release', 'k', '--yes'], json, 1, /, but not OnceOnly/],
    [['release', 'k', '--yes', '--version', '1'], json, 1, /, but not OnceOnly/],
    [['clear-mark', 'g'], json, 1, /, but not OnceOnly/],
    [['tail', '--lines', '1'], json, 1, /, but not OnceOnly/],
    [['status', '--url', 'http://example.com'], {}, 1, /https:\/\//],
    [['keys', '--status', 'odd'], {}, 1, /unresolved/],
    [['show', 'x'.repeat(300)], {}, 1, /key/],
    [['resolve', 'k', '--as', 'completed', '--result', '[]'], {}, 1, /JSON object/],
    [
      ['keys', 'create', '--tenant', 'acme'],
      {},
      1,
      /^API keys have a command of their own: onceonly-server api-keys create/,
    ],
  ];
  try {
    const ended = await Promise.all(cases.map(([args, more]) => setting.runAlone(args, more)));
    ended.forEach(({ code, out, err }, index) => {
      expect([index, code, out]).toEqual([index, cases[index]?.[2], '']);
      expect(err).toMatch(cases[index]?.[3] ?? /^$/);
      expect(err).not.toMatch(/\n\s+at |once_live_C/);
    });
  } finally {
    web.close();
  }
});

test('tail shows what happened and what happens, each once, over a restart of the server, and ends at Ctrl+C', async () => {
  const keysOf = (text: string) =>
    text.split('\n').flatMap((line) => (line === '' ? [] : [(JSON.parse(line) as { key: string }).key]));
  await setting.claim('tail:before');
  const tail = setting.tail('--json', '--job', 'tail', '--type', 'claimed');
  try {
    await until(() => keysOf(tail.out()).includes('tail:before'));
    await setting.claim('tail:1');
    await setting.claim('other:1');
    await until(() => keysOf(tail.out()).includes('tail:1'));
    await setting.stop();
    await until(() => tail.err().includes('Trying again'));
    await setting.restart();
    await until(() => tail.err().includes('The server answers again.'));
    await setting.claim('tail:2');
    await until(() => keysOf(tail.out()).includes('tail:2'));
    expect(await tail.end('SIGINT')).toBe(0);
    expect(keysOf(tail.out())).toEqual(['tail:before', 'tail:1', 'tail:2']);
  } finally {
    await tail.end('SIGKILL');
  }
});

test('tail ends in peace when nobody reads it any more', async () => {
  await setting.claim('pipe:1');
  const tail = setting.tail('--job', 'pipe');
  try {
    await until(() => tail.out().includes('pipe:1'));
    expect(tail.out()).toMatch(/Z {2}claimed {5}pipe:1\n$/);
    tail.closeOutput();
    await setting.claim('pipe:2');
    expect(await tail.ended).toBe(0);
    expect(tail.err()).toBe('');
  } finally {
    await tail.end('SIGKILL');
  }
});
