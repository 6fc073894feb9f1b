import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs, { chmodSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createInterface } from 'node:readline';
import { StoreUnavailable } from '../src/claims/claim-store.ts';
import type { Store } from '../src/store/store.ts';
import { openReadOnly, openStore } from '../src/store/open.ts';
import { openDatabase, unusable } from '../src/store/sqlite/database.ts';
import { openSqliteStore } from '../src/store/sqlite/store.ts';
import { claimOf, completeOf, HOUR_MS, NOON, TENANT, recordOf } from './store/fixture.ts';
import { expectOneStore } from './store/one-store.ts';
import { useScratch } from './store/scratch.ts';
import { countCommits } from './store/wal.ts';

// The disk may be busy with others' work.
jest.setTimeout(240_000);

const scratch = useScratch();
const newPath = () => join(scratch(), 'data', 'store.db');
const opened: Store[] = [];
afterEach(() => Promise.all(opened.splice(0).map((store) => store.close())));

async function openAt(path: string, now: number): Promise<Store> {
  const store = await openStore(`sqlite:${path}`, { clock: () => now });
  opened.push(store);
  return store;
}

async function using<T>(opening: Promise<Store>, work: (store: Store) => Promise<T>): Promise<T> {
  const store = await opening;
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

test.each([':memory:', 'file:store.db?mode=memory'])(
  '%s, which is no file, is refused, and leaves none',
  async (name) => {
    const folder = scratch();
    const before = process.cwd();
    process.chdir(folder);
    try {
      await expect(openStore(`sqlite:${name}`, { clock: () => NOON })).rejects.toThrow(
        /is not the path of a file/,
      );
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      process.chdir(before);
    }
  },
);

describe('what a file keeps', () => {
  it('has the records, the fence and the time when it is opened again', async () => {
    const path = newPath();
    const first = await using(openAt(path, NOON), (store) =>
      store.claims.claim(claimOf('k', { ttlSeconds: 60 })),
    );
    // A read is all that saw the lease's end; set back before it, the clock must not revive it.
    const read = { tenant: TENANT, key: 'k' };
    await using(openAt(path, NOON + 60_000), (store) => store.claims.read(read));
    await using(openAt(path, NOON - HOUR_MS), async (store) => {
      const seen = await store.claims.read(read);
      expect(seen).toMatchObject({ record: recordOf(first), now: NOON + 60_000 });
      const second = await store.claims.claim(claimOf('k'));
      expect(second).toMatchObject({ outcome: 'acquired', record: { attempt: 2 } });
      expect(recordOf(second).fence).toBeGreaterThan(recordOf(first).fence);
      expect(await store.claims.usage(TENANT)).toMatchObject({ ai: 2 });
      const events = await store.events.recent({ tenant: TENANT, limit: 10 });
      expect(events.map(({ type }) => type)).toEqual(['taken_over', 'run_died', 'claimed']);
    });
  });

  it('makes a directory that is for its owner alone', async () => {
    const path = newPath();
    await using(openAt(path, NOON), (store) => store.check());
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700);
  });

  it('is its owner’s alone, with the files beside it, also where it was not', async () => {
    const path = newPath();
    const modes = () => ['', '-wal', '-shm'].map((ending) => statSync(path + ending).mode & 0o777);
    const store = await openAt(path, NOON);
    await store.check();
    expect(modes()).toEqual([0o600, 0o600, 0o600]);
    for (const ending of ['', '-wal', '-shm']) chmodSync(path + ending, 0o644);
    await openAt(path, NOON);
    expect(modes()).toEqual([0o600, 0o600, 0o600]);
  });

  it('stays read-only where its owner made it so', async () => {
    const path = newPath();
    await using(openAt(path, NOON), (store) => store.check());
    chmodSync(path, 0o444);
    // Whoever runs as root opens it all the same; others are refused.
    const refused = await openAt(path, NOON).then(
      () => 'cannot be written (attempt to write a readonly database)',
      String,
    );
    expect(refused).toContain('cannot be written (attempt to write a readonly database)');
    expect(statSync(path).mode & 0o777).toBe(0o400);
  });

  it.each([
    [
      'a folder that is a file',
      (folder: string) => (writeFileSync(join(folder, 'file'), ''), 'file/store.db'),
    ],
    ['a name that is too long', () => `${'x'.repeat(300)}.db`],
    ['a folder in which nothing can be made', () => '/proc/store.db'],
  ])('names %s', async (_what, make) => {
    const folder = scratch();
    const path = resolve(folder, make(folder));
    const refused = await openAt(path, NOON).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreUnavailable);
    expect(String(refused)).toContain(`${path} cannot be written (E`);
  });

  it('names a disk that is full, at the start and to whoever asks the doctor', async () => {
    const path = newPath();
    await using(openAt(path, NOON), (store) => store.check());
    const full = Object.assign(new Error('database or disk is full'), { errcode: 13 });
    expect(String(unusable(path, full))).toContain(`The disk of ${path} is full. Make room on it`);
    const statfs = jest.spyOn(fs, 'statfsSync');
    statfs.mockReturnValue(Object.assign(fs.statfsSync(path), { bfree: 1, bavail: 1 }));
    try {
      const look = await openReadOnly(`sqlite:${path}`, () => NOON);
      expect(await look.inspect()).toContainEqual({
        what: `The store sqlite:${path} can be read, but not written (The disk of ${path} is full.).`,
        ok: false,
        remedy: 'Make room on its disk.',
      });
      await look.close();
    } finally {
      statfs.mockRestore();
    }
  });

  it('cannot be written once it was deleted, or another one is in its place', async () => {
    const path = newPath();
    const store = await openAt(path, NOON);
    await store.check();
    rmSync(path);
    await expect(store.check()).rejects.toThrow(/was deleted or replaced while it is in use/);
    writeFileSync(path, '');
    await expect(store.check()).rejects.toThrow(/was deleted or replaced/);
  });

  it('has a write-ahead log that is synced at every commit', () => {
    const db = openDatabase(newPath());
    expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' });
    expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2 });
    db.close();
  });

  it('refuses the file of a newer server, another program, or none at all', async () => {
    const newer = newPath();
    const db = openDatabase(newer);
    db.exec('PRAGMA user_version = 99');
    db.close();
    await expect(openAt(newer, NOON)).rejects.toThrow(/newer version of this server \(schema 99/);

    const foreign = join(scratch(), 'foreign.db');
    const other = new DatabaseSync(foreign);
    other.exec('CREATE TABLE theirs (a)');
    other.close();
    await expect(openAt(foreign, NOON)).rejects.toThrow(/another program's database/);

    const text = join(scratch(), 'text.db');
    writeFileSync(text, 'This is not a database, and never was one. '.repeat(100));
    const refused = await openAt(text, NOON).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(StoreUnavailable);
    expect(String(refused)).toContain(`${text} is no SQLite database`);
  });

  it.each(['', 'sqlite:', 'mysql:host', '/tmp/file.db'])('refuses the store URL %j', async (url) => {
    await expect(openStore(url, { clock: Date.now })).rejects.toThrow(/ONCEONLY_STORE.*sqlite:PATH/);
  });
});

describe('several at one file', () => {
  it('stays one store to two connections', async () => {
    const path = newPath();
    const stores = await Promise.all([openAt(path, NOON), openAt(path, NOON - 1_000)]);
    await expectOneStore(stores);
  });
});

describe('group commit', () => {
  it('commits together what arrived together', async () => {
    const path = newPath();
    const store = await openAt(path, NOON);
    await store.claims.claim(claimOf('first'));
    const before = countCommits(path);
    await Promise.all(Array.from({ length: 200 }, (_, index) => store.claims.claim(claimOf(`k${index}`))));
    // Two for the claims, since a batch starts early; the events of either call may have been written meanwhile.
    expect(countCommits(path) - before).toBeLessThanOrEqual(4);
  });

  it('keeps the log small', async () => {
    const path = newPath();
    const store = await openAt(path, NOON);
    const result = JSON.stringify('x'.repeat(60_000));
    for (let round = 0; round < 20; round += 1) {
      await Promise.all(
        Array.from({ length: 40 }, async (_, index) => {
          const key = `${round}/${index}`;
          const record = recordOf(await store.claims.claim(claimOf(key)));
          await store.claims.complete(completeOf(key, record.leaseId, { result }));
        }),
      );
    }
    expect(statSync(`${path}-wal`).size).toBeLessThan(24 * 1024 * 1024);
    await store.close();
    expect(statSync(path).size).toBeGreaterThan(48_000_000);
  });

  it('refuses calls rather than queue them without bound', async () => {
    const store = await openAt(newPath(), NOON);
    const calls = Array.from({ length: 25_000 }, () => store.claims.read({ tenant: TENANT, key: 'k' }));
    const settled = await Promise.allSettled(calls);
    const refused = settled.filter(({ status }) => status === 'rejected');
    expect(refused.length).toBeGreaterThanOrEqual(4_000);
    expect(refused.length).toBeLessThanOrEqual(5_000);
  });
});

describe('crashes', () => {
  it('has every acknowledged claim after kill -9, on a sound file', async () => {
    const path = newPath();
    for (const round of ['1', '2', '3']) {
      const acknowledged = await killUnderLoad(path, round);
      expect(acknowledged.size).toBeGreaterThan(100);
      const db = openDatabase(path);
      expect(db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
      db.close();
      await using(openAt(path, Date.now()), async (store) => {
        for (const [key, [fence, leaseId, result]] of acknowledged) {
          const read = await store.claims.read({ tenant: TENANT, key });
          const completed = result === null ? {} : { state: 'completed', result };
          expect(read).toMatchObject({ outcome: 'found', record: { fence, leaseId, ...completed } });
        }
        const next = await store.claims.claim(claimOf(`${round}/after`));
        const fences = [...acknowledged.values()].map(([fence]) => fence);
        expect(recordOf(next).fence).toBeGreaterThan(Math.max(...fences));
      });
    }
  });

  it('rejects what a dead thread was asked, and starts another one', async () => {
    const program = new URL('./store/dying-worker.mjs', import.meta.url);
    const store = await openSqliteStore({ path: newPath(), clock: () => NOON, program });
    opened.push(store);
    const record = recordOf(await store.claims.claim(claimOf('k')));
    const lost = [store.claims.read({ tenant: 'poison', key: 'k' }), store.claims.claim(claimOf('l'))];
    for (const call of lost) await expect(call).rejects.toBeInstanceOf(StoreUnavailable);
    const again = await store.claims.read({ tenant: TENANT, key: 'k' });
    expect(again).toMatchObject({ outcome: 'found', record });
  });
});

type Acknowledged = Map<string, readonly [fence: number, leaseId: string, result: string | null]>;

async function killUnderLoad(path: string, round: string): Promise<Acknowledged> {
  const program = join(import.meta.dirname, 'store', 'loaded-child.ts');
  const child = spawn(process.execPath, [program, path, round], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: Acknowledged = new Map();
  const exited = once(child, 'exit');
  for await (const line of createInterface({ input: child.stdout })) {
    // The last line may be torn by the kill.
    if (!line.endsWith(']')) continue;
    const [key, ...rest] = JSON.parse(line) as [string, number, string, string | null];
    acknowledged.set(key, rest);
    if (acknowledged.size === 1_000) child.kill('SIGKILL');
  }
  await exited;
  return acknowledged;
}
