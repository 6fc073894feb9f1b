import type { Session } from './session.ts';

/** What decides whether an answer can be lost. */
export interface Settings {
  readonly synchronous_commit: string;
  readonly fsync: string;
  readonly full_page_writes: string;
}

export function readSettings(session: Session): Promise<Settings> {
  return session.transaction(async (tx) => {
    const [settings] = await tx.query<Settings>(
      `SELECT current_setting('synchronous_commit') AS synchronous_commit, current_setting('fsync') AS fsync,
         current_setting('full_page_writes') AS full_page_writes`,
    );
    if (settings === undefined) throw new Error('The database says nothing of its settings.');
    return settings;
  });
}

/** What survives a crash, in words. */
export function durabilityOf({ synchronous_commit, fsync }: Settings): string {
  if (fsync === 'off') {
    return 'Postgres, fsync off: a crash of its machine can lose answers, or the whole database';
  }
  if (synchronous_commit === 'off') {
    return 'Postgres, synchronous_commit off: a crash of the database can lose the answers of its last moments';
  }
  return `Postgres, synchronous_commit ${synchronous_commit}: an answer is on the disk before it is given`;
}
