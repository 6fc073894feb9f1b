import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { openDatabase } from '../src/store/sqlite/database.ts';
import { createEngine } from '../src/store/sqlite/engine.ts';
import { useScratch } from './store/scratch.ts';

const scratch = useScratch();

/** Every statement that the store prepares, with how SQLite goes about it. */
function plans(): readonly (readonly [sql: string, plan: string])[] {
  const db = openDatabase(join(scratch(), 'claims.db'));
  try {
    const prepared: string[] = [];
    const prepare: DatabaseSync['prepare'] = db.prepare.bind(db);
    db.prepare = (sql) => {
      prepared.push(sql);
      return prepare(sql);
    };
    createEngine(db, { eventDays: 30 });
    return prepared
      .filter((sql) => /^(SELECT|INSERT|UPDATE|DELETE)/.test(sql))
      .map((sql) => [
        sql,
        prepare(`EXPLAIN QUERY PLAN ${sql}`)
          .all()
          .map(({ detail }) => detail)
          .join('; '),
      ]);
  } finally {
    db.close();
  }
}

const reading = (from: string) => plans().filter(([sql]) => sql.includes(`FROM ${from}`));

test('whatever grows with what happens is found by an index, never looked through or sorted', () => {
  const grown = plans().filter(([sql]) => /\b(claims|locks|events|event_days|deliveries|usage)\b/.test(sql));
  expect(grown.length).toBeGreaterThan(20);
  const slow = grown.filter(([, plan]) => /\bSCAN\b(?! CONSTANT ROW)|TEMP B-TREE/.test(plan));
  expect(slow).toEqual([]);
});

test('/v1/events reads from the end of the tenant, of one seldom type, or what is kept for a key; /v1/metrics the counts of its days', () => {
  const events = reading('events').filter(([sql]) => sql.includes('error_code'));
  expect(events.map(([, plan]) => plan)).toEqual([
    'SEARCH events USING PRIMARY KEY (tenant=?)',
    'SEARCH events USING INDEX events_seldom (tenant=? AND type=?)',
    'SEARCH events USING PRIMARY KEY (tenant=? AND id>?)',
  ]);
  expect(reading('event_days').map(([, plan]) => plan)).toEqual([
    'SEARCH event_days USING PRIMARY KEY (tenant=? AND day>? AND day<?)',
  ]);
});

test('keys that wait for a person are found among those alone whose run may not be taken over', () => {
  expect(reading('claims INDEXED BY').map(([, plan]) => plan)).toEqual([
    'SEARCH claims USING INDEX claims_asking (tenant=? AND key>?)',
  ]);
});
