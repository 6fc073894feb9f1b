import { setTimeout as pause } from 'node:timers/promises';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import { TIMEOUT_MS } from './connection.ts';
import type { Change, Stored } from './entries.ts';
import { NoAnswer } from './failures.ts';
import { createGuesses } from './guesses.ts';
import type { Link } from './link.ts';
import { load, type Loaded, type Wanted } from './load.ts';
import { CLAIMS, GROUPS, LOCKS, type Kind } from './record-text.ts';
import type { RedisTenants } from './tenants.ts';
import { begin, doneOf, type Done, type Made, type RedisTransaction } from './transaction.ts';
import { write, type Written } from './write.ts';

export interface Transactions {
  /**
   * Loads, lets `work` decide, and writes the changes. If somebody else changed the same entries meanwhile, it starts again. If a
   * write has no answer, it is not sent again; instead the entries are loaded to see whether it was executed.
   * @throws {NoAnswer} if it is not known whether the changes were written.
   * @throws {StoreUnavailable} if nothing was written.
   */
  run<T>(tenant: string, wanted: Wanted, work: (tx: RedisTransaction) => T): Promise<Done<T>>;
  /** How many records of the tenant one transaction may change, so that Redis is not busy with it for long. */
  recordsAtOnce(tenant: string): number;
  /** Loads the data of the tenant except its records. */
  read(tenant: string): Promise<Loaded>;
}

const RECORDS_AT_ONCE = 100;
/** Each record makes an event, and each event a delivery to every hook that wants it. */
const DELIVERIES_AT_ONCE = 1_000;
/** After so many conflicts a transaction is given up. */
const ATTEMPTS = 20;
const LOOK_AGAIN_MS = 50;
const NOTHING: Written = { shift: 0, counters: [], rests: [] };

export function createTransactions(link: Link, tenants: RedisTenants): Transactions {
  const guesses = createGuesses(tenants);

  async function run<T>(
    tenant: string,
    wanted: Wanted,
    work: (tx: RedisTransaction) => T,
    attempts = ATTEMPTS,
  ): Promise<Done<T>> {
    const startedAt = performance.now();
    const guess = attempts === ATTEMPTS ? guesses.of(tenant, wanted) : undefined;
    if (guess !== undefined) {
      const done = await runOnGuess(tenant, guess, wanted, work);
      if (done !== undefined) return done;
    }
    const loaded = await load(link, tenants, tenant, wanted);
    guesses.loaded(tenant, loaded);
    const { tx, made } = begin(loaded);
    const value = work(tx);
    const changes = made();
    if (changes.missingGroups.length > 0) {
      const groups = [...(wanted.groups ?? []), ...changes.missingGroups];
      return run(tenant, { ...wanted, groups }, work, attempts - 1);
    }
    const written = changes.changesEntries
      ? await writeEntries(tenant, loaded, changes, startedAt)
      : await writeRest(tenant, loaded, changes);
    if (written !== undefined) {
      guesses.written(tenant, loaded, changes, written);
      return doneOf(value, loaded, changes, written);
    }
    if (attempts <= 1) throw new StoreUnavailable('Others kept changing the same keys meanwhile.');
    return run(tenant, wanted, work, attempts - 1);
  }

  /** Undefined if the data must be loaded: the guess was wrong, or the answer depends on a record that is not written. */
  async function runOnGuess<T>(
    tenant: string,
    guess: Loaded,
    { claims = [], locks = [] }: Wanted,
    work: (tx: RedisTransaction) => T,
  ): Promise<Done<T> | undefined> {
    const { tx, made } = begin(guess);
    const value = work(tx);
    const changes = made();
    if (changes.missingGroups.length > 0) return undefined;
    if (changes.claims.length < claims.length || changes.locks.length < locks.length) return undefined;
    const written = await writeEntries(tenant, guess, changes, performance.now());
    if (written === undefined) {
      guesses.failed(tenant);
      return undefined;
    }
    guesses.written(tenant, guess, changes, written);
    return doneOf(value, guess, changes, written);
  }

  /** Undefined if nothing was written, because somebody else changed an entry. */
  async function writeEntries(
    tenant: string,
    loaded: Loaded,
    changes: Made,
    startedAt: number,
  ): Promise<Written | undefined> {
    try {
      return await write(link, tenants.base(tenant), loaded, changes);
    } catch (error) {
      if (!(error instanceof NoAnswer)) throw error;
      while (performance.now() - startedAt < TIMEOUT_MS) {
        await pause(LOOK_AGAIN_MS);
        const found = await load(link, tenants, tenant, {
          claims: changes.claims.map(({ key }) => key),
          groups: changes.groups.map(({ key }) => key),
          locks: changes.locks.map(({ key }) => key),
        }).catch(() => undefined);
        if (found !== undefined) return whatBecame(loaded, changes, found, error);
      }
      throw error;
    }
  }

  /** Writes events and the time. No answer waits for events, and a full memory does not prevent an answer that changes nothing. */
  async function writeRest(tenant: string, loaded: Loaded, changes: Made): Promise<Written> {
    const { keepsTime, events, unlisted } = changes;
    if (keepsTime === 'no' && events.length + unlisted.length === 0) return NOTHING;
    const writing = write(link, tenants.base(tenant), loaded, changes);
    if (keepsTime === 'always') await writing;
    else if (keepsTime === 'no') writing.catch(() => undefined);
    else {
      await writing.catch((error: unknown) => {
        if (error instanceof NoAnswer) throw error;
      });
    }
    return NOTHING;
  }

  const recordsAtOnce = (tenant: string): number =>
    Math.max(1, Math.min(RECORDS_AT_ONCE, Math.floor(DELIVERIES_AT_ONCE / (1 + guesses.hooksOf(tenant)))));

  return { run, recordsAtOnce, read: (tenant) => load(link, tenants, tenant, {}) };
}

/**
 * Finds out whether a write without an answer was executed. It wrote everything or nothing. Undefined: nothing.
 * @throws {NoAnswer} if others have changed the same keys since, so that it is not known.
 */
function whatBecame(loaded: Loaded, changes: Made, found: Loaded, lost: NoAnswer): Written | undefined {
  const fates = [
    ...changes.claims.map((change) => fateOf(CLAIMS, change, loaded.claims, found.claims)),
    ...changes.groups.map((change) => fateOf(GROUPS, change, loaded.groups, found.groups)),
    ...changes.locks.map((change) => fateOf(LOCKS, change, loaded.locks, found.locks)),
  ];
  if (fates.every(({ isAsBefore }) => isAsBefore)) return undefined;
  if (!fates.every(({ isAsWritten }) => isAsWritten)) throw lost;
  return { shift: Math.max(...fates.map(({ shift }) => shift)), counters: [], rests: [] };
}

function fateOf<Entry>(
  kind: Kind<Entry>,
  { key, next }: Change<Entry>,
  before: ReadonlyMap<string, Stored>,
  after: ReadonlyMap<string, Stored>,
) {
  const text = after.get(key) ?? null;
  const isAsBefore = text === (before.get(key) ?? null);
  if (next === undefined) return { isAsBefore, isAsWritten: text === null, shift: 0 };
  if (typeof text !== 'string') return { isAsBefore, isAsWritten: false, shift: 0 };
  const planned = kind.fenceOf(next);
  const fence = planned === '' ? '' : text.slice(0, text.indexOf(','));
  const isAsWritten = text === fence + kind.restOf(next);
  return { isAsBefore, isAsWritten, shift: Number(fence) - Number(planned) };
}
