import type { Finding } from '../store.ts';
import { SCHEMA_VERSION } from './migrations.ts';
import type { Tx } from './connection.ts';

/** The settings that decide whether an answer can be lost. */
export interface Settings {
  readonly synchronousCommit: string;
  readonly fsync: string;
  readonly fullPageWrites: string;
  /** Empty: standbys, if there are any, are asynchronous. */
  readonly synchronousStandbys: string;
  /** How many standbys this user can see. */
  readonly standbys: number;
  /** The clock of the database, in epoch milliseconds. */
  readonly now: number;
}

export async function readSettings(tx: Tx): Promise<Settings> {
  const [settings] = await tx.query<Settings>(
    `SELECT current_setting('synchronous_commit') AS "synchronousCommit", current_setting('fsync') AS fsync,
       current_setting('full_page_writes') AS "fullPageWrites",
       current_setting('synchronous_standby_names') AS "synchronousStandbys",
       (SELECT count(*) FROM pg_stat_replication) AS standbys,
       (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS now`,
  );
  if (settings === undefined) throw new Error('The database says nothing of its settings.');
  return settings;
}

/** Says what survives a crash. */
export function durabilityOf({ synchronousCommit, fsync }: Settings): string {
  if (fsync === 'off') {
    return 'Postgres, fsync off: a crash of its machine can lose answers, or the whole database';
  }
  if (synchronousCommit === 'off') {
    return 'Postgres, synchronous_commit off: a crash of the database can lose the answers of its last moments';
  }
  return `Postgres, synchronous_commit ${synchronousCommit}: an answer is on the disk before it is given`;
}

/** A larger difference between the clocks is reported. */
const CLOCKS_DIFFER_MS = 5_000;

/** `serverNow`: the clock of this server when the settings were read. */
export function findingsOf(settings: Settings, serverNow: number): readonly Finding[] {
  const { synchronousCommit, fsync, fullPageWrites, synchronousStandbys, standbys, now } = settings;
  const bySetting = (name: string, value: string, isOk: boolean, else_: string): Finding => ({
    what: isOk ? `Postgres: ${name} is ${value}.` : `Postgres: ${name} is off, so ${else_}.`,
    ok: isOk,
    remedy: isOk ? null : `Set ${name} = on in postgresql.conf and reload it, or ask who runs the database.`,
  });
  const followed = standbys > 0 && (synchronousStandbys === '' || synchronousCommit === 'local');
  const differMs = Math.abs(now - serverNow);
  const differ = differMs > CLOCKS_DIFFER_MS;
  return [
    bySetting('fsync', fsync, fsync !== 'off', 'a crash of its machine can lose answers, or all'),
    bySetting(
      ...(['synchronous_commit', synchronousCommit, synchronousCommit !== 'off'] as const),
      'a crash can lose the answers of the last moments',
    ),
    bySetting(
      ...(['full_page_writes', fullPageWrites, fullPageWrites !== 'off'] as const),
      'a crash of its machine can leave torn pages',
    ),
    {
      what: followed
        ? `Postgres: ${standbys} standby(s) follow a moment later; a failover can lose the last answers.`
        : 'Postgres: no standby follows late, so no failover loses an answer.',
      ok: !followed,
      remedy: followed
        ? 'Set synchronous_standby_names, and synchronous_commit = on, so that a commit waits for a standby.'
        : null,
    },
    {
      what: `Postgres: its clock and this server's are ${differ ? Math.round(differMs / 1_000) : '0 to 5'} seconds apart; leases go by the database's alone.`,
      ok: true,
      remedy: differ ? 'Let both machines set their clocks by NTP, so that times in logs agree.' : null,
    },
    { what: `Postgres: the database has schema ${SCHEMA_VERSION}, this server's.`, ok: true, remedy: null },
  ];
}
