import { globSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand, startServerProcess, type RunningCommand } from './cli-process.ts';
import { eventually } from './store/waiting.ts';
import { temporaryDirectory } from './support.ts';

// Processes are started, and the machine may be busy with others' work.
jest.setTimeout(240_000);

const servers: RunningCommand[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await server.end('SIGKILL');
});

/** A server whose wall clock reads its difference from the machine's in a file, and nothing else does. */
async function start(directory: string, difference: string) {
  const [library = ''] = globSync('/usr/lib/*/faketime/libfaketime.so.1');
  const file = path.join(directory, 'difference');
  const set = (to: string) => {
    writeFileSync(file, to);
  };
  set(difference);
  const env = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  const server = await startServerProcess({ directory, env });
  servers.push(server);
  return { ...server, set };
}

async function post(url: string, apiKey: string, to: string, body: object) {
  const headers = { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' };
  const answer = await fetch(url + to, { method: 'POST', headers, body: JSON.stringify(body) });
  return (await answer.json()) as { status: string; lease_id: string };
}

const noticesOf = async (url: string) =>
  ((await (await fetch(`${url}/readyz`)).json()) as { notices?: readonly string[] }).notices ?? [];

test('steps of the clock end and freeze nothing while a server runs; after a start they are said, and set right', async () => {
  const directory = await temporaryDirectory();
  const create = ['api-keys', 'create', '--tenant', 'acme'];
  const apiKey = (await runCommand({ directory }, create)).out.trim();
  const server = await start(directory, '+0');
  const lease = (key: string, ttl = 3_600) => post(server.url, apiKey, '/v1/ai/lease', { key, ttl });
  const done = await lease('done');
  await post(server.url, apiKey, '/v1/ai/complete', { key: 'done', lease_id: done.lease_id });
  await lease('held');
  expect(await noticesOf(server.url)).toEqual([]);

  server.set('+8d');
  await eventually(async () => {
    expect(await noticesOf(server.url)).toEqual([
      expect.stringMatching(/8 days behind this machine's clock/),
    ]);
  });
  expect((await lease('done')).status).toBe('completed');
  expect((await lease('held')).status).toMatch(/^(polling|in_progress)$/);

  server.set('-8d');
  await eventually(async () => {
    expect(await noticesOf(server.url)).toEqual([
      expect.stringMatching(/8 days ahead of this machine's clock/),
    ]);
  });
  await lease('short', 1);
  await eventually(async () => {
    expect((await lease('short')).status).toBe('acquired');
  });
  expect(await server.end()).toBe(0);

  const ahead = await start(directory, '+8d');
  expect(ahead.out()).toMatch(
    /last used 8 days ago: meanwhile \d leases? ended, and \d keys? (was|were) forgotten/,
  );
  expect(await ahead.end()).toBe(0);

  const right = await start(directory, '+0');
  expect(await noticesOf(right.url)).toEqual([expect.stringMatching(/8 days ahead/)]);
  expect((await runCommand({ directory }, ['set-clock'])).err).toMatch(/is in use\. Stop the server/);
  expect(await right.end()).toBe(0);
  expect((await runCommand({ directory }, ['doctor'])).out).toMatch(/^danger .*8 days ahead/m);
  expect((await runCommand({ directory }, ['set-clock'])).err).toMatch(/was 8 days ahead\. It is /);
  const after = await start(directory, '+0');
  expect(await noticesOf(after.url)).toEqual([]);
});
