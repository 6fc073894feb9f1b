import { execFileSync, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import axios, { type AxiosResponse } from 'axios';
import { until } from '../zapier/until.ts';
import { report } from './report.ts';
import { PROGRAM, makeApiKey, startServerProcess, type ServerProcess } from './servers.ts';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onceonly-'));
  path = join(folder, 'claims.db');
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true });
});

/** No file of the process may be written any more, or all may: what a full disk is to it, and one with room again. */
function setDisk(state: 'full' | 'roomy', { pid }: ServerProcess): void {
  execFileSync('prlimit', [
    '--pid',
    String(pid),
    `--fsize=${state === 'full' ? '0:' : 'unlimited:'}unlimited`,
  ]);
}

const soundnessOf = (file: string): unknown => {
  const db = new DatabaseSync(file);
  const found = db.prepare('PRAGMA integrity_check').get();
  db.close();
  return found?.['integrity_check'];
};

test('a full disk: claims are answered 503, reads as ever, and nothing is half-written', async () => {
  const apiKey = await makeApiKey(`sqlite:${path}`);
  const server = await startServerProcess(`sqlite:${path}`);
  const http = axios.create({
    baseURL: server.baseUrl,
    headers: { authorization: `Bearer ${apiKey}` },
    proxy: false,
    validateStatus: () => true,
  });
  const claim = (key: string): Promise<AxiosResponse<Record<string, unknown>>> =>
    http.post('/v1/ai/lease', { key, ttl: 600 });
  const stateOf = async (key: string): Promise<unknown> => {
    const { status, data } = await http.get<Record<string, unknown>>('/v1/ai/status', { params: { key } });
    return { status, state: data['status'] };
  };

  const done = (await claim('done')).data;
  await http.post('/v1/ai/complete', { key: 'done', lease_id: done['lease_id'] });
  const held = (await claim('held')).data;

  setDisk('full', server);
  const refused: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => claim(`new-${String(n)}`)));
    refused.push(...answers.map(({ status }) => status));
    for (const { status, headers, data } of answers) {
      expect(status).toBe(503);
      expect(headers['retry-after']).toBe('1');
      expect(data['detail']).toMatch(/^The store did not answer\. Send the same request again/);
    }
    expect(await stateOf('done')).toEqual({ status: 200, state: 'completed' });
    expect(await stateOf('held')).toMatchObject({ status: 200 });
    const late = await http.post('/v1/ai/complete', { key: 'held', lease_id: held['lease_id'] });
    expect(late.status).toBe(503);
    expect((await http.get('/readyz')).status).toBe(503);
    expect((await http.get('/healthz')).status).toBe(200);
  }

  setDisk('roomy', server);
  // It looks at the store once a second.
  const ready = await until(
    async () => (await http.get('/readyz')).status,
    (status) => status === 200,
  );
  expect(ready).toBe(200);
  const after = await Promise.all(Array.from({ length: 50 }, (_, n) => claim(`new-${String(n)}`)));
  for (const { data } of after) expect(data).toMatchObject({ status: 'acquired', attempt: 1 });
  const ended = await http.post('/v1/ai/complete', { key: 'held', lease_id: held['lease_id'] });
  expect(ended.status).toBe(200);
  // What was answered before the disk was full is told as well.
  const told = await http.get<{ items: { type: string; key: string }[] }>('/v1/events', {
    params: { limit: 100 },
  });
  expect(told.data.items).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ type: 'completed', key: 'done' }),
      expect.objectContaining({ type: 'claimed', key: 'held' }),
    ]),
  );
  expect(told.data.items.filter(({ key }) => key === 'done')).toHaveLength(2);

  setDisk('full', server);
  expect((await claim('lost')).status).toBe(503);
  await server.kill('SIGKILL');
  const soundness = soundnessOf(path);
  report({
    what: 'The disk is full, has room again, is full and the server is killed',
    on: 'SQLite file',
    howOften: 'once',
    requests: refused.length,
    came: `${String(refused.filter((status) => status === 503).length)} claims answered 503, ${soundness === 'ok' ? 'none half-written' : 'THE FILE IS DAMAGED'}`,
  });
  expect(soundness).toBe('ok');
});

test('a file that may not be written: the server does not start, says so, and changes nothing', async () => {
  await makeApiKey(`sqlite:${path}`);
  const before = await readFile(path);
  await chmod(path, 0o400);
  await chmod(folder, 0o500);
  // What root is not asked for, everybody else is.
  const asAnybody = process.getuid?.() === 0 ? ['--bounding-set=-dac_override,-dac_read_search'] : [];
  const { status, stderr } = spawnSync('setpriv', [...asAnybody, process.execPath, PROGRAM, 'start'], {
    env: { ...process.env, ONCEONLY_STORE: `sqlite:${path}`, ONCEONLY_PORT: '0' },
    encoding: 'utf8',
    timeout: 60_000,
  });
  expect(stderr).toContain(`${path} cannot be written`);
  expect(stderr).not.toContain('    at ');
  expect(status).toBe(1);
  await chmod(folder, 0o700);
  expect(await readFile(path)).toEqual(before);
});
