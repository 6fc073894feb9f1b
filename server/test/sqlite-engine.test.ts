import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../src/store/sqlite/database.ts';
import { createEngine } from '../src/store/sqlite/engine.ts';
import type { Request, SweepStep } from '../src/store/shared/requests.ts';
import { DAY_MS } from '../src/claims/record.ts';
import { claimOf, NOON, TENANT } from './store/fixture.ts';
import { useScratch } from './store/scratch.ts';

const scratch = useScratch();

function openEngine() {
  const path = join(scratch(), 'store.db');
  const db = openDatabase(path);
  opened.push(db);
  return { path, db, engine: createEngine(db, { eventDays: 30 }) };
}

const opened: DatabaseSync[] = [];
afterEach(() => {
  for (const db of opened.splice(0)) db.close();
});

const claim = (key: string, tenant = TENANT): Request => ({ ...claimOf(key, { tenant }), kind: 'claim' });
const read = (key: string): Request => ({ kind: 'read', tenant: TENANT, key });
const unavailable = { unavailable: expect.any(String) as string };
const acquired = { answer: expect.objectContaining({ outcome: 'acquired' }) as unknown };
const found = { answer: expect.objectContaining({ outcome: 'found' }) as unknown };

describe('a batch', () => {
  it('answers in order, each seeing those before it', () => {
    const { engine } = openEngine();
    const replies = engine.run(NOON, [read('k'), claim('k'), read('k'), claim('k')]);
    expect(replies).toMatchObject([
      { answer: { outcome: 'not_found' } },
      { answer: { outcome: 'acquired' } },
      { answer: { outcome: 'found' } },
      { answer: { outcome: 'in_progress' } },
    ]);
  });

  it('lets a request that cannot be handled fail alone', () => {
    const { engine } = openEngine();
    const unknown = { kind: 'nonsense' } as unknown as Request;
    const unbindable = { ...claim('k'), key: { not: 'a string' } } as unknown as Request;
    const batch = [claim('a', 'new tenant'), unknown, claim('b', 'new tenant'), unbindable, claim('c')];
    expect(engine.run(NOON, batch)).toEqual([acquired, unavailable, acquired, unavailable, acquired]);
    expect(engine.run(NOON, [claim('a', 'new tenant'), read('c')])).toMatchObject([
      { answer: { outcome: 'in_progress', usage: 2 } },
      found,
    ]);
    expect(engine.heldEvents).toBe(4);
  });

  it('of hundreds of requests is not done one by one where one cannot be handled', () => {
    const path = join(scratch(), 'store.db');
    const db = openDatabase(path);
    opened.push(db);
    let begun = 0;
    const prepare = db.prepare.bind(db);
    db.prepare = (sql) => {
      const statement = prepare(sql);
      if (sql.startsWith('BEGIN')) {
        const run = statement.run.bind(statement);
        statement.run = () => {
          begun += 1;
          return run();
        };
      }
      return statement;
    };
    const engine = createEngine(db, { eventDays: 30 });
    const unknown = { kind: 'nonsense' } as unknown as Request;
    const batch = Array.from({ length: 512 }, (_, index) => (index === 300 ? unknown : claim(`k${index}`)));
    const replies = engine.run(NOON, batch);
    expect(replies.map((reply) => 'answer' in reply)).toEqual(batch.map((request) => request !== unknown));
    expect(begun).toBeLessThanOrEqual(20);
  });

  it('is refused as a whole while another connection holds the file', () => {
    const { path, db, engine } = openEngine();
    db.exec('PRAGMA busy_timeout = 0');
    const other = new DatabaseSync(path);
    other.exec('BEGIN IMMEDIATE');
    expect(engine.run(NOON, [claim('a'), claim('b')])).toEqual([unavailable, unavailable]);
    other.exec('ROLLBACK');
    other.close();
    expect(engine.run(NOON, [claim('a')])).toEqual([acquired]);
  });

  it('is refused where the disk is full, and reads go on', () => {
    const { db, engine } = openEngine();
    engine.run(NOON, [claim('k')]);
    const pages = db.prepare('PRAGMA page_count').get()?.['page_count'];
    db.exec(`PRAGMA max_page_count = ${String(pages)}`);
    const large = { ...claim('large'), metadata: 'x'.repeat(100_000) } as Request;
    expect(engine.run(NOON, [large, read('k')])).toEqual([unavailable, found]);
    db.exec('PRAGMA max_page_count = 1000000');
    expect(engine.run(NOON, [large])).toEqual([acquired]);
  });

  it('writes nothing where nothing changed', () => {
    const { db, engine } = openEngine();
    engine.run(NOON, [claim('k')]);
    const changes = () => db.prepare('SELECT total_changes() AS changes').get()?.['changes'];
    const before = changes();
    engine.run(NOON + 1, [read('k'), claim('k'), { kind: 'usage', tenant: TENANT }]);
    expect(changes()).toBe(before);
    engine.run(NOON + 1, [{ kind: 'check' }]);
    expect(changes()).not.toBe(before);
  });
});

describe('events', () => {
  it('wait in memory, and are written before they are read', () => {
    const { db, engine } = openEngine();
    const written = () => db.prepare('SELECT count(*) AS events FROM events').get()?.['events'];
    engine.run(NOON, [claim('a'), claim('b')]);
    expect([engine.heldEvents, written()]).toEqual([2, 0]);
    engine.run(NOON, [{ kind: 'recentEvents', tenant: TENANT, limit: 1 }]);
    expect([engine.heldEvents, written()]).toEqual([0, 2]);
  });

  it('are written with the change itself where a person decided', () => {
    const { db, engine } = openEngine();
    engine.run(NOON, [claim('k')]);
    const person = { result: null, retryable: false, reason: null, by: 'key_1' };
    engine.run(NOON, [{ kind: 'resolve', tenant: TENANT, key: 'k', version: 1, to: 'released', ...person }]);
    expect(engine.heldEvents).toBe(0);
    expect(db.prepare('SELECT type, by FROM events ORDER BY id').all()).toEqual([
      { type: 0, by: null },
      { type: 8, by: 'key_1' },
    ]);
  });
});

describe('deliveries to a hundred hooks', () => {
  it('are made in short steps, and none is lost where the process dies between two', () => {
    const { db, engine, path } = openEngine();
    const hook = { tenant: TENANT, createdBy: 'c', url: 'https://example.org', secret: 's', job: null };
    for (let index = 0; index < 100; index += 1) {
      engine.run(NOON, [{ kind: 'createHook', id: `h${String(index)}`, events: ['run_died'], ...hook }]);
    }
    const keys = Array.from({ length: 500 }, (_, index) => `k${String(index)}`);
    engine.run(
      NOON,
      keys.map((key) => claim(key)),
    );
    const made = (at: DatabaseSync) =>
      Number(at.prepare('SELECT count(*) AS n FROM deliveries').get()?.['n']);
    const later = NOON + DAY_MS;
    const died: Request = { kind: 'reportDeaths', limit: 500 };
    expect(engine.run(later, [died])).toEqual([{ answer: 500 }]);
    expect(made(db)).toBeLessThanOrEqual(600);
    const step: Request = { kind: 'makeDeliveries' };
    expect(engine.run(later, [step])).toEqual([{ answer: true }]);
    db.close();

    const reopened = openDatabase(path);
    opened.splice(0, opened.length, reopened);
    const next = createEngine(reopened, { eventDays: 30 });
    for (let more = true, before = made(reopened); more; before = made(reopened)) {
      more = (next.run(later, [step]) as [{ answer: boolean }])[0].answer;
      expect(made(reopened) - before).toBeLessThanOrEqual(600);
    }
    expect(made(reopened)).toBe(50_000);
  });

  it('are not lost where their events are swept', () => {
    const { db, engine } = openEngine();
    const hook = { tenant: TENANT, createdBy: 'c', url: 'https://example.org', secret: 's', job: null };
    engine.run(NOON, [{ kind: 'createHook', id: 'before', events: ['run_died'], ...hook }, claim('k')]);
    const later = NOON + 40 * DAY_MS;
    engine.run(NOON + DAY_MS, [{ kind: 'reportDeaths', limit: 1 }]);
    engine.run(later, [{ kind: 'sweep', what: 'events', after: 0, limit: 10 }, { kind: 'makeDeliveries' }]);
    const rows = db.prepare('SELECT id, key FROM deliveries JOIN hooks ON hook = number').all();
    expect(rows).toEqual([{ id: 'before', key: 'k' }]);
    expect(engine.run(later, [{ kind: 'sweep', what: 'events', after: 0, limit: 10 }])).toMatchObject([
      { answer: { removed: 1 } },
    ]);
  });
});

describe('a sweep', () => {
  const TENANTS = 8;

  it('walks through a tenant’s events once, and not again until many more have come', () => {
    const { db, engine } = openEngine();
    const add = db.prepare(
      `WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n WHERE id < ?)
       INSERT INTO events (tenant, id, at, type, key, attempt) SELECT ?, id + ?, ?, 0, 'k', 1 FROM n`,
    );
    let newest = NOON * 1_024;
    const addOfEach = (count: number): void => {
      for (let tenant = 1; tenant <= TENANTS; tenant += 1) add.run(count, tenant, newest, NOON);
      newest += count;
    };
    const pass = () => {
      let [removed, steps] = [0, 0];
      for (let after: number | null = 0; after !== null; steps += 1) {
        const request = { kind: 'sweep', what: 'events', after, limit: 2 } as const;
        const [reply] = engine.run(NOON, [request]) as [{ answer: SweepStep }];
        removed += reply.answer.removed;
        after = reply.answer.next;
      }
      return { removed, steps };
    };
    for (let tenant = 1; tenant <= TENANTS; tenant += 1) {
      db.prepare('INSERT INTO tenants (name) VALUES (?)').run(`t${String(tenant)}`);
    }
    addOfEach(50_002);
    const first = pass();
    expect(first.removed).toBe(2 * TENANTS);
    // Each step is a transaction of its own, so that claims come in between.
    expect(first.steps).toBeGreaterThanOrEqual(TENANTS);
    // Whoever walked would find them.
    addOfEach(5_000);
    expect(pass().removed).toBe(0);
    addOfEach(1);
    expect(pass().removed).toBeGreaterThan(0);
  });
});

describe('listing', () => {
  it('looks at a bounded number of rows a page', () => {
    const { engine } = openEngine();
    for (let at = 0; at < 6_000; at += 500) {
      engine.run(
        NOON,
        Array.from({ length: 500 }, (_, index) => claim(`k${String(at + index).padStart(4, '0')}`)),
      );
    }
    const query = { kind: 'list', tenant: TENANT, prefix: '', status: 'failed', limit: 10 } as const;
    const first = engine.run(NOON, [{ ...query, cursor: null }]);
    expect(first).toEqual([{ answer: { items: [], cursor: 'k4999', now: NOON } }]);
    const second = engine.run(NOON, [{ ...query, cursor: 'k4999' }]);
    expect(second).toEqual([{ answer: { items: [], cursor: null, now: NOON } }]);
  });
});
