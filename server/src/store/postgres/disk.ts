import pg from 'pg';
import type { Tx } from './connection.ts';

/**
 * Notices a full disk. With a full disk, Postgres refuses new rows but still accepts small changes that fit into existing pages,
 * such as the write of a check. So a check alone would not notice it.
 */
export interface Disk {
  /** Must be called with every error. */
  failed(error: unknown): void;
  /** If the disk was full, tries a write that needs new pages. Throws as long as the disk is full. */
  probe(tx: Tx): Promise<void>;
}

const DISK_FULL = '53100';

/** Needs at least two new pages. The row belongs to no tenant, and is removed in the same transaction. */
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
