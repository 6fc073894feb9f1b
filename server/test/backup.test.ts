import { execFile } from 'node:child_process';
import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { promisify } from 'node:util';
import { openStore } from '../src/store/open.ts';
import { serve, temporaryDirectory } from './support.ts';

test('the backup that DEPLOY.md shows has, taken under load, all that was answered before it, and a server runs on it', async () => {
  const directory = await temporaryDirectory();
  const file = path.join(directory, 'claims.db');
  const store = await openStore(`sqlite:${file}`, { clock: Date.now });
  const server = await serve({ store });
  const claim = async (key: string): Promise<string> =>
    (await server.post('/v1/ai/lease', { key })).status === 200 ? key : 'refused';
  const before = await Promise.all(Array.from({ length: 300 }, (_, n) => claim(`before:${String(n)}`)));

  let isDone = false;
  let during = 0;
  const load = async (): Promise<void> => {
    while (!isDone) {
      during += 1;
      await claim(`during:${String(during)}`);
    }
  };
  const loads = Array.from({ length: 8 }, load);
  const shown =
    /node -e "(.*)"$/m.exec(readFileSync(path.join(__dirname, '../DEPLOY.md'), 'utf8'))?.[1] ?? '';
  const backup = path.join(directory, 'backup.db');
  const program = shown
    .replaceAll('\\"', '"')
    .replace('/data/claims.db', file)
    .replace('/data/backup.db', backup);
  expect(program).toContain(`VACUUM INTO '${backup}'`);
  await promisify(execFile)(process.execPath, ['-e', program]);
  expect(statSync(backup).mode & 0o777).toBe(0o600);
  isDone = true;
  await Promise.all(loads);

  const db = new DatabaseSync(backup, { readOnly: true });
  expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  db.close();
  const restored = await openStore(`sqlite:${backup}`, { clock: Date.now });
  try {
    const seen = await Promise.all(before.map((key) => restored.claims.read({ tenant: 'acme', key })));
    expect(seen.filter(({ outcome }) => outcome !== 'found')).toEqual([]);
    expect((await restored.claims.claim(claimOf('before:0'))).outcome).not.toBe('acquired');
    expect((await restored.claims.claim(claimOf('new:0'))).outcome).toBe('acquired');
  } finally {
    await restored.close();
  }
});

test('the copy that sqlite3 makes, as DEPLOY.md shows it, is its owner’s alone', async () => {
  const directory = await temporaryDirectory();
  const [file, backup] = [path.join(directory, 'claims.db'), path.join(directory, 'backup.db')];
  await (await openStore(`sqlite:${file}`, { clock: Date.now })).close();
  // In the place of sqlite3, which need not be there: the same statement on the same library.
  const program = path.join(directory, 'sqlite3');
  const run = 'new (require("node:sqlite").DatabaseSync)(process.argv[2]).exec(process.argv[3])';
  writeFileSync(program, `#!${process.execPath}\n${run}\n`);
  chmodSync(program, 0o700);
  const shown =
    /^ *(\(.*sqlite3 .*)$/m.exec(readFileSync(path.join(__dirname, '../DEPLOY.md'), 'utf8'))?.[1] ?? '';
  const command = shown.replace('/var/lib/onceonly/claims.db', file).replace('/backup/claims.db', backup);
  expect(command).toContain(`VACUUM INTO '${backup}'`);
  const env = { ...process.env, PATH: `${directory}:${process.env['PATH'] ?? ''}` };
  await promisify(execFile)('sh', ['-c', `umask 022; ${command}`], { env });
  expect(statSync(backup).mode & 0o777).toBe(0o600);
});

const claimOf = (key: string) => ({
  ...{ tenant: 'acme', key, holder: null, run: null, ttlSeconds: 60, retentionSeconds: null },
  ...{ onExpired: null, maxAttempts: null, fingerprint: null, metadata: null },
  ...{ group: null, sequence: null },
});
