import type { ClaimRecord } from '../../src/claims/record.ts';
import type { ClaimStore } from '../../src/claims/claim-store.ts';
import type { Act, ActOf, FinishAct } from './acts.ts';
import { createGroups, endOf, type Cell } from './model-groups.ts';
import { claimOf, recordOf } from './fixture.ts';
import { claimFields, sendFinish } from './sent.ts';

interface LockCell {
  holder: string | null;
  ttlSeconds: number;
  firstSeenAt: number;
}

/** The lease is the key's last, and another key took the group. */
const OVERTAKEN = 'overtaken';

const NOTHING = { result: null, resultHash: null, errorCode: null, retryable: false, rejectedEmpty: false };

/** One tenant's keys, as the life table has them. */
export interface Model {
  /** Does `act` to the store at the store's time `at`, and expects what the model says. */
  compare(act: Exclude<Act, { do: 'step' }>, store: ClaimStore, at: number): Promise<void>;
}

export function createModel(tenant: string): Model {
  const cells = new Map<string, Cell>();
  const locks = new Map<string, LockCell>();
  const leases = new Map<string, string[]>();
  let highestFence = 0;
  const acquired = new Map<string, number>();
  const groups = createGroups(alive);

  function alive(key: string, at: number): Cell | undefined {
    const cell = cells.get(key);
    return cell !== undefined && at < endOf(cell) ? cell : undefined;
  }

  function leaseOf({ key, back }: { key: string; back: number }): string {
    const given = leases.get(key) ?? [];
    return given[given.length - 1 - back] ?? 'fffffff0-0000-4000-8000-000000000000';
  }

  /** What a claim is told that does not acquire; else undefined, or `again` for a holder's own lease. */
  function claimOutcome(
    act: ActOf<'claim'>,
    cell: Cell | undefined,
    at: number,
  ): object | 'again' | undefined {
    const live = cell?.state === 'released' ? undefined : cell;
    const [named, at_] = act.place;
    const [group, sequence] = live === undefined ? act.place : [live.group, live.sequence];
    if (live && named !== null && (named !== group || at_ !== sequence)) return { outcome: 'group_mismatch' };
    const known = live?.fingerprint ?? null;
    if (known !== null && act.fingerprint !== null && known !== act.fingerprint) {
      return { outcome: 'fingerprint_mismatch' };
    }
    if (live?.state === 'completed') return { outcome: 'completed' };
    const own = groups.outdated(group, sequence, at) ?? (live && ownOutcome(act, live, at));
    if (own !== undefined && !(own === 'again' && live && at >= live.expiresAt)) return own;
    return groups.barred(group, sequence, act.key, act.run, at) ?? own;
  }

  function ownOutcome(act: ActOf<'claim'>, cell: Cell, at: number): object | 'again' | undefined {
    const running = cell.state === 'in_progress';
    const over = at >= cell.expiresAt;
    const isHolder = running && act.holder !== null && act.holder === cell.holder;
    if (isHolder && !groups.isOvertaken(act.key, cell, at)) return 'again';
    if (running && !over) return { outcome: 'in_progress' };
    if (cell.state === 'failed' && !cell.retryable) return { outcome: 'failed' };
    if (running && (act.onExpired === 'block' || cell.onExpired === 'block'))
      return { outcome: 'unresolved' };
    const max = act.maxAttempts ?? cell.maxAttempts;
    if (max !== null && cell.attempt - cell.attemptsReleased >= max) return { outcome: 'exhausted' };
    return undefined;
  }

  async function claim(act: ActOf<'claim'>, store: ClaimStore, at: number): Promise<void> {
    const { key } = act;
    const answer = await store.claim(claimOf(key, { ...claimFields(act), tenant }));
    const cell = alive(key, at);
    const told = claimOutcome(act, cell, at);
    const outcome = told === 'again' ? told : told && (told as { outcome: string }).outcome;
    const month = new Date(at).toISOString().slice(0, 7);
    const usage = (acquired.get(month) ?? 0) + (outcome === undefined ? 1 : 0);
    acquired.set(month, usage);
    if (told === undefined) {
      expect(answer).toMatchObject({ outcome: 'acquired', reentrant: false, usage, now: at });
      const { leaseId, fence } = recordOf(answer);
      const given = leases.get(key) ?? [];
      expect(given).not.toContain(leaseId);
      expect(fence).toBeGreaterThan(highestFence);
      highestFence = fence;
      leases.set(key, [...given, leaseId]);
      const next: Cell = {
        ...NOTHING,
        state: 'in_progress',
        leaseId,
        holder: act.holder,
        run: act.run,
        attempt: 1 + (cell?.attempt ?? 0),
        attemptsReleased: cell?.attemptsReleased ?? 0,
        version: 1 + (cell?.version ?? 0),
        epoch: cell?.epoch ?? 0,
        ttlSeconds: act.ttlSeconds,
        retentionSeconds: act.retentionSeconds ?? 7 * 24 * 60 * 60,
        onExpired: act.onExpired ?? 'retry',
        maxAttempts: act.maxAttempts ?? cell?.maxAttempts ?? null,
        fingerprint: (cell?.state === 'released' ? null : cell?.fingerprint) ?? act.fingerprint,
        group: cell === undefined || cell.state === 'released' ? act.place[0] : cell.group,
        sequence: cell === undefined || cell.state === 'released' ? act.place[1] : cell.sequence,
        metadata: act.metadata ?? cell?.metadata ?? null,
        origin: act.origin,
        firstSeenAt: cell?.firstSeenAt ?? at,
        claimedAt: at,
        expiresAt: at + act.ttlSeconds * 1000,
        doneAt: null,
      };
      cells.set(key, next);
      groups.take(key, next, at);
    } else {
      if (cell !== undefined) {
        const { version } = cell;
        changeByClaim(act, cell, outcome, at);
        if (cell.version > version) groups.changed(cell, at);
      }
      const said = told === 'again' ? { outcome: 'acquired', reentrant: true } : told;
      expect(answer).toMatchObject({ ...said, usage, now: at });
    }
    if ('record' in answer) expectRecord(answer.record, key);
  }

  /** What a claim changes that acquires no new lease. */
  function changeByClaim(act: ActOf<'claim'>, cell: Cell, outcome: string | undefined, at: number): void {
    if (outcome === 'again' && at >= cell.expiresAt) {
      cell.ttlSeconds = act.ttlSeconds;
      cell.expiresAt = at + act.ttlSeconds * 1000;
      cell.version += 1;
      groups.take(act.key, cell, at);
    }
    if (outcome === 'unresolved' && cell.onExpired === 'retry') {
      cell.onExpired = 'block';
      cell.version += 1;
    }
    if (outcome === 'exhausted' && act.maxAttempts !== null && act.maxAttempts !== cell.maxAttempts) {
      cell.maxAttempts = act.maxAttempts;
      cell.version += 1;
    }
  }

  function expectRecord(record: ClaimRecord, key: string): void {
    // Whether its death was told is a matter of the pass that tells, not of commands.
    const { fence, deathReported, ...visible } = record;
    expect(typeof deathReported).toBe('boolean');
    expect(visible).toEqual(cells.get(key));
    expect(fence).toBeLessThanOrEqual(highestFence);
  }

  function end(cell: Cell, at: number, how: Partial<Cell>): void {
    Object.assign(cell, NOTHING, how, { doneAt: at, version: cell.version + 1 });
  }

  /** What becomes of a cell whose lease is the one given: a refusal, or undefined for done. */
  function finish(act: FinishAct, cell: Cell, at: number): string | undefined {
    if (cell.state === 'released') return act.do === 'cancel' ? undefined : 'lease_lost';
    const isOvertaken = groups.isOvertaken(act.key, cell, at);
    if (act.do === 'complete') {
      const empty = act.rejectEmpty && act.result === '""';
      if (cell.state === 'completed' || (empty && cell.rejectedEmpty)) return undefined;
      if (isOvertaken) return OVERTAKEN;
      if (empty)
        end(cell, at, { state: 'failed', errorCode: 'empty_output', retryable: true, rejectedEmpty: true });
      else end(cell, at, { state: 'completed', result: act.result });
      return undefined;
    }
    if (act.do === 'fail' && cell.state === 'failed') return undefined;
    if (cell.state !== 'in_progress') return 'already_finished';
    if (act.do === 'extend') {
      if (isOvertaken) return OVERTAKEN;
      cell.ttlSeconds = act.ttlSeconds ?? cell.ttlSeconds;
      cell.expiresAt = at + cell.ttlSeconds * 1000;
      cell.version += 1;
    } else if (act.do === 'cancel') {
      end(cell, at, { state: 'released', attemptsReleased: cell.attempt });
    } else {
      const { errorCode, retryable, noEffect } = act;
      end(cell, at, { state: 'failed', errorCode, retryable, epoch: cell.epoch + Number(noEffect) });
    }
    return undefined;
  }

  async function finishing(act: FinishAct, store: ClaimStore, at: number): Promise<void> {
    const { key } = act;
    const leaseId = leaseOf(act);
    const answer = await sendFinish(store, tenant, act, leaseId);
    const cell = alive(key, at);
    if (cell === undefined) {
      expect(answer).toEqual({ outcome: 'not_found' });
      return;
    }
    const { state, version } = cell;
    const refusal = cell.leaseId === leaseId ? finish(act, cell, at) : 'lease_lost';
    if (cell.version > version) groups.changed(cell, at);
    if (refusal !== undefined) {
      const busy = refusal === OVERTAKEN && { busy: 'group' };
      expect(answer).toEqual({ outcome: busy ? 'lease_lost' : refusal, state, ...busy });
    } else {
      expect(answer).toMatchObject({ outcome: 'done', now: at });
      if (answer.outcome === 'done') expectRecord(answer.record, key);
    }
  }

  async function failRun({ run }: ActOf<'failRun'>, store: ClaimStore, at: number): Promise<void> {
    let failed = 0;
    for (const key of cells.keys()) {
      const cell = alive(key, at);
      if (cell?.state !== 'in_progress' || cell.run !== run) continue;
      failed += 1;
      end(cell, at, { state: 'failed', errorCode: 'died', retryable: true });
      groups.changed(cell, at);
    }
    const fail = { tenant, run, errorCode: 'died', retryable: true, noEffect: false };
    expect(await store.failRun(fail)).toEqual({ outcome: 'done', failed, now: at });
  }

  async function resolve(act: ActOf<'resolve'>, store: ClaimStore, at: number): Promise<void> {
    const { key, to, retryable, reason } = act;
    const cell = alive(key, at);
    const version = (cell?.version ?? 1) - act.stale;
    const result = to === 'completed' ? '"by hand"' : null;
    const answer = await store.resolve({ tenant, key, version, to, result, retryable, reason, by: 'key' });
    if (cell === undefined || cell.state === 'released') {
      expect(answer).toEqual({ outcome: 'not_found' });
    } else if (act.stale > 0) {
      expect(answer).toEqual({ outcome: 'changed', version: cell.version });
    } else if (answer.outcome === 'done') {
      expect(leases.get(key)).not.toContain(answer.record.leaseId);
      end(cell, at, { state: to, result, leaseId: answer.record.leaseId });
      if (to === 'failed') Object.assign(cell, { errorCode: reason ?? 'failed_by_operator', retryable });
      if (to === 'released') cell.attemptsReleased = cell.attempt;
      groups.changed(cell, at);
      expectRecord(answer.record, key);
    } else {
      throw new Error(`resolve answered ${answer.outcome}`);
    }
  }

  async function read({ key }: { key: string }, store: ClaimStore, at: number): Promise<void> {
    const answer = await store.read({ tenant, key });
    const cell = alive(key, at);
    if (cell === undefined || cell.state === 'released') expect(answer).toEqual({ outcome: 'not_found' });
    else if (answer.outcome === 'found') expectRecord(answer.record, key);
    else throw new Error(`${key} is not found`);
  }

  async function lock(act: ActOf<'lock'>, store: ClaimStore, at: number): Promise<void> {
    const { key, holder, ttlSeconds } = act;
    const answer = await store.lock({ tenant, key, holder, ttlSeconds, metadata: null });
    let cell = locks.get(key);
    let outcome = 'duplicate';
    if (cell === undefined || at >= cell.firstSeenAt + cell.ttlSeconds * 1000) {
      cell = { holder, ttlSeconds, firstSeenAt: at };
      locks.set(key, cell);
      outcome = 'locked';
    } else if (holder !== null && holder === cell.holder) {
      outcome = 'locked';
    }
    const { firstSeenAt, ttlSeconds: stored } = cell;
    const expiresAt = firstSeenAt + stored * 1000;
    expect(answer).toEqual({ outcome, ttlSeconds: stored, firstSeenAt, expiresAt, now: at });
  }

  return {
    async compare(act, store, at) {
      switch (act.do) {
        case 'claim':
          return claim(act, store, at);
        case 'failRun':
          return failRun(act, store, at);
        case 'resolve':
          return resolve(act, store, at);
        case 'read':
          return read(act, store, at);
        case 'lock':
          return lock(act, store, at);
        case 'clearMark':
          expect(await store.clearMark({ tenant, group: act.group })).toEqual(groups.clear(act.group, at));
          return;
        case 'sweep':
          await store.sweep(1_000);
          return;
        default:
          return finishing(act, store, at);
      }
    },
  };
}
