import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { Tx } from './connection.ts';

/**
 * The reasons why the database cannot keep claims, as sentences. With an encoding other than UTF-8, a result with a character that
 * the encoding lacks would be refused, so a finished run could never be completed.
 */
export async function unmetRequirements(tx: Tx): Promise<readonly string[]> {
  const [found] = await tx.query<{ encoding: string; readOnly: string }>(
    `SELECT current_setting('server_encoding') AS encoding, current_setting('transaction_read_only') AS "readOnly"`,
  );
  const sentences: string[] = [];
  if (found?.encoding !== 'UTF8') {
    sentences.push(
      `The database's encoding is ${found?.encoding ?? 'unknown'}, and results with other characters could never be stored. ` +
        "Make one with CREATE DATABASE onceonly ENCODING 'UTF8' TEMPLATE template0, and name it in ONCEONLY_STORE.",
    );
  }
  if (found?.readOnly === 'on') {
    sentences.push(
      'The database takes no writes: it is a standby, or read-only for this user. Name the primary in ONCEONLY_STORE, or set default_transaction_read_only = off.',
    );
  }
  return sentences;
}

/** The tables and sequences of the schema for which this user lacks a right that a server needs. */
export async function missingGrants(tx: Tx): Promise<readonly string[]> {
  const rows = await tx.query<{ name: string }>(
    `SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE n.nspname = 'onceonly' AND CASE c.relkind
       WHEN 'r' THEN NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
         AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE'))
       WHEN 'S' THEN NOT has_sequence_privilege(c.oid, 'USAGE') ELSE false END
     ORDER BY c.relname`,
  );
  return rows.map(({ name }) => name);
}

export function missingGrantsSentence(names: readonly string[]): string {
  return (
    `The user in ONCEONLY_STORE may not read and write all that is in the schema onceonly (${names.join(', ')}). ` +
    'GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA onceonly, and USAGE ON ALL SEQUENCES IN SCHEMA onceonly, to it.'
  );
}

/** @throws {StoreUnavailable} if the database cannot keep claims. */
export async function checkRequirements(tx: Tx): Promise<void> {
  const [sentence] = await unmetRequirements(tx);
  if (sentence !== undefined) throw new StoreUnavailable(sentence);
}

/** @throws {StoreUnavailable} if the user lacks a right that a server needs. */
export async function checkGrants(tx: Tx): Promise<void> {
  const lacking = await missingGrants(tx);
  if (lacking.length > 0) throw new StoreUnavailable(missingGrantsSentence(lacking));
}
