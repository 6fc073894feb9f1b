import pg from 'pg';
import type { Tx } from './connection.ts';

/** A full disk refuses new rows, and goes on taking what fits into pages that are there, as a check's own write does. */
export interface Disk {
  /** To be told of whatever failed. */
  failed(error: unknown): void;
  /** Where the disk was full: writes what takes new pages. Throws as long as it is. */
  probe(tx: Tx): Promise<void>;
}

const DISK_FULL = '53100';

/** Two pages at least; of no tenant, and gone again within the transaction. */
const WRITE = `INSERT INTO events (tenant, id, at, type, key, attempt, first_seen_at, error_code)
  SELECT 0, 0, 0, 0, '', 0, 0, string_agg(md5(random()::text), '') FROM generate_series(1, 512)`;
const REMOVE = 'DELETE FROM events WHERE tenant = 0 AND id = 0';

export function watchDisk(): Disk {
  let wasFull = false;
  return {
    failed(error) {
      wasFull ||= error instanceof pg.DatabaseError && error.code === DISK_FULL;
    },
    async probe(tx) {
      if (!wasFull) return;
      tx.send(WRITE);
      await tx.query(REMOVE);
      wasFull = false;
    },
  };
}
