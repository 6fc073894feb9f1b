import type { FailRun, FailRunOutcome, Of } from '../../claims/commands.ts';
import type { Store, Finding } from '../store.ts';
import { SWEPT, type Send, type StoreMoment, type SweepStep } from './requests.ts';

/** How many keys of a run one transaction ends. As many as fit into a batch. */
const KEYS_A_STEP = 500;
/** So that deliveries are also sent while events keep coming. */
const STEPS_A_LOOK = 100;

interface Rest extends Pick<Store, 'durability' | 'close'> {
  /** The findings about the time of the store. */
  readonly findings: (moment: StoreMoment) => readonly Finding[];
}

/** Makes a store whose methods send requests. */
export function storeOf(send: Send, { findings, ...rest }: Rest): Store {
  return {
    claims: {
      claim: (claim) => send('claim', claim),
      lock: (lock) => send('lock', lock),
      complete: (complete) => send('complete', complete),
      fail: (fail) => send('fail', fail),
      failRun: (fail) => failRun(send, fail),
      extend: (extend) => send('extend', extend),
      cancel: (cancel) => send('cancel', cancel),
      resolve: (resolve) => send('resolve', resolve),
      read: (read) => send('read', read),
      clearMark: (clear) => send('clearMark', clear),
      list: (query) => send('list', query),
      usage: (tenant) => send('usage', { tenant }),
      reportDeaths: (limit) => send('reportDeaths', { limit }),
      sweep: (limit) => sweepAll(send, limit),
    },
    apiKeys: {
      create: (apiKey) => send('createApiKey', apiKey),
      find: (hash) => send('findApiKey', { hash }),
      findById: (id) => send('findApiKeyById', { id }),
      list: () => send('listApiKeys', {}),
      revoke: (id) => send('revokeApiKey', { id }),
    },
    events: {
      recent: (query) => send('recentEvents', query),
      metrics: (query) => send('countEvents', query),
      jobs: (query) => send('countJobs', query),
    },
    hooks: {
      async create(hook) {
        // A new hook gets no events from before it.
        await makeDeliveries(send);
        return send('createHook', hook);
      },
      list: (owner) => send('listHooks', owner),
      remove: (hook) => send('removeHook', hook),
      async deliveries(query) {
        await makeDeliveries(send);
        return send('listDeliveries', query);
      },
      async due(query) {
        await makeDeliveries(send);
        return send('dueDeliveries', query);
      },
      async settle(delivery) {
        await send('settleDelivery', delivery);
      },
    },
    inspect: () => send('inspect', {}),
    async check() {
      return findings(await send('check', {}));
    },
    ...rest,
  };
}

/**
 * Fails what a run holds, step by step. A step that gets no answer ends it, and what came before stays done: the same request
 * goes on with what is left.
 */
async function failRun(send: Send, fail: Of<FailRun>): Promise<FailRunOutcome> {
  let failed = 0;
  let after = '';
  for (;;) {
    const { next, now, ...step } = await send('failRun', { ...fail, after, limit: KEYS_A_STEP });
    failed += step.failed;
    if (next === null) return { outcome: 'done', failed, now };
    after = next;
  }
}

/** Makes the deliveries that the outbox asks for, in steps. What remains is made before the next look at deliveries. */
async function makeDeliveries(send: Send): Promise<void> {
  for (let step = 0; step < STEPS_A_LOOK; step += 1) if (!(await send('makeDeliveries', {}))) return;
}

/** Removes up to `limit` in steps, if this server is the one that sweeps. Returns how many. */
async function sweepAll(send: Send, limit: number): Promise<number> {
  if (!(await send('lead', {}))) return 0;
  // A record that expired in progress is a death, and must not be removed before it was reported.
  if ((await send('reportDeaths', { limit })) === limit) return limit;
  let removed = 0;
  for (const what of SWEPT) {
    let after: number | null = 0;
    while (after !== null && removed < limit) {
      const step: SweepStep = await send('sweep', { what, after, limit: limit - removed });
      removed += step.removed;
      after = step.next;
    }
  }
  return removed;
}
