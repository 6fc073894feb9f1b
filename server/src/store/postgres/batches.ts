import { randomUUID } from 'node:crypto';
import { claimHandlers, lockHandlers, type KeyKind } from '../shared/claim-handlers.ts';
import { monthNumber } from '../shared/time.ts';
import type { AnswerOf, Reply, Request, RequestOf } from '../shared/requests.ts';
import { halves } from '../shared/halves.ts';
import { SURE_EVENTS } from '../shared/record-event.ts';
import type { Handlers, NewEvent, Transaction } from '../shared/transaction.ts';
import { attempt, isRefusal, unavailable, type Connection } from './connection.ts';
import { createCounters, serverNumber } from './counters.ts';
import type { Disk } from './disk.ts';
import { type EventBuffer, writeEvents } from './event-writer.ts';
import { loadBatch, type Wanted } from './load.ts';
import { loadClaims, loadGroups, loadLocks } from './loaded.ts';
import type { KnownTenants } from './tenants.ts';
import type { StoreTime } from './time.ts';

type KeyRequest = RequestOf<KeyKind>;

export interface BatchOptions {
  readonly connection: Connection;
  readonly tenants: KnownTenants;
  readonly buffer: EventBuffer;
  readonly time: StoreTime;
  readonly disk: Disk;
}

/**
 * Runs the requests on single keys, one transaction for each batch. It locks and loads the rows that exist, in the order of their
 * keys, decides on each request in memory, and writes what changed. It answers after the commit. If another server inserted
 * one of the rows meanwhile, nothing is committed, and the batch is run again.
 */
export function createBatchRunner(options: BatchOptions): (requests: readonly Request[]) => Promise<Reply[]> {
  const { connection, tenants, buffer, time, disk } = options;
  let server: number | undefined;

  async function run(requests: readonly KeyRequest[]): Promise<Reply[]> {
    try {
      await learnTenants(requests);
      const mine = (server ??= await attempt(() => connection.transaction(serverNumber)));
      return await attempt(() => transact(requests, mine));
    } catch (error) {
      disk.failed(error);
      if (!isRefusal(error)) throw error;
      if (requests.length === 1) return [unavailable(error)];
      // A request that the database refuses must not fail the others.
      const replies: Reply[] = [];
      for (const half of halves(requests)) {
        replies.push(...(await run(half).catch((reason: unknown) => half.map(() => unavailable(reason)))));
      }
      return replies;
    }
  }

  async function learnTenants(requests: readonly KeyRequest[]): Promise<void> {
    const names = new Set(requests.map(({ tenant }) => tenant));
    const needed = new Set(requests.filter(takesKeys).map(({ tenant }) => tenant));
    await tenants.learn(names, needed);
  }

  async function transact(requests: readonly KeyRequest[], server: number): Promise<Reply[]> {
    const { answers, unwritten } = await connection.transaction(async (tx) => {
      const loaded = await loadBatch(tx, wantedBy(requests), time.parameters());
      const { now, kept, fences } = loaded;
      time.advanceTo(now);
      const claims = loadClaims(loaded.claims, loaded.ofRuns);
      const groups = loadGroups(loaded.groups);
      const locks = loadLocks(loaded.locks);
      const usage = createCounters(monthNumber(now), loaded.usage, server);
      const events: NewEvent[] = [];
      let fence = 0;
      const seen = { aNewEnd: false };
      const handlers = { ...claimHandlers(tenants, claims, groups), ...lockHandlers(tenants, locks) };
      const shared: Transaction = {
        moment: { now, leaseId: randomUUID, fence: () => fences[fence++] ?? NaN },
        usage,
        events,
        dependsOn(endsAt) {
          if (endsAt > kept && endsAt <= now) seen.aNewEnd = true;
        },
      };
      const answers = requests.map((request) => ({ answer: handle(handlers, shared, request) }));
      claims.write(tx);
      groups.write(tx);
      locks.write(tx);
      usage.write(tx);
      const sure = events.some(({ type }) => SURE_EVENTS.has(type));
      if (sure) await writeEvents(tx, buffer, events);
      if (seen.aNewEnd) time.keep(tx, now);
      return { answers, unwritten: sure ? [] : events };
    });
    buffer.collect(unwritten);
    return answers;
  }

  function wantedBy(requests: readonly KeyRequest[]): Wanted {
    const wanted = {
      claims: new Map<string, Row>(),
      groups: new Map<string, Row>(),
      locks: new Map<string, Row>(),
    };
    const runs: Wanted['runs'][number][] = [];
    const usage = new Set<number>();
    let fences = 0;
    for (const request of requests) {
      const tenant = tenants.find(request.tenant);
      if (tenant === undefined) continue;
      if (request.kind === 'failRun') {
        const { run, after, limit } = request;
        runs.push({ tenant, run, after, limit });
        continue;
      }
      const group = 'group' in request ? request.group : null;
      if (group !== null) wanted.groups.set(`${tenant}/${group}`, { tenant, key: group, locked: true });
      if (request.kind === 'clearMark') continue;
      const { key } = request;
      const rows = request.kind === 'lock' ? wanted.locks : wanted.claims;
      const locked = request.kind !== 'read' || rows.get(`${tenant}/${key}`)?.locked === true;
      rows.set(`${tenant}/${key}`, { tenant, key, locked });
      if (takesKeys(request)) usage.add(tenant);
      if (request.kind === 'claim') fences += 1;
    }
    const { claims, groups, locks } = wanted;
    return {
      claims: [...claims.values()],
      groups: [...groups.values()],
      locks: [...locks.values()],
      runs,
      usage: [...usage],
      month: time.month(),
      fences,
    };
  }

  return (requests) => run(requests as readonly KeyRequest[]);
}

type Row = Wanted['claims'][number];

/** Whether the request may need a new tenant, and the usage counters. */
function takesKeys({ kind }: KeyRequest): boolean {
  return kind === 'claim' || kind === 'lock';
}

/** The cast is needed because TypeScript cannot see that the request fits the handler of its kind. */
function handle(handlers: Pick<Handlers<Transaction>, KeyKind>, tx: Transaction, request: KeyRequest) {
  const handler = handlers[request.kind] as (tx: Transaction, request: KeyRequest) => AnswerOf<KeyKind>;
  return handler(tx, request);
}
