import { randomUUID } from 'node:crypto';
import type { ClaimAnswer, FinishOutcome, LockOutcome, Refused } from '../../claims/commands.ts';
import type { ClaimState } from '../../claims/record.ts';
import type { ClaimStore } from '../../claims/store.ts';
import { CLAIM } from './lua/claim.ts';
import { CANCEL, COMPLETE, EXTEND, FAIL, FAIL_RUN, READ, RESOLVE } from './lua/finish.ts';
import { LOCK } from './lua/lock.ts';
import { recordOf } from './record.ts';
import type { Value } from './reply.ts';
import { script } from './script.ts';
import type { Tenants } from './tenants.ts';

const SCRIPTS = {
  claim: script(CLAIM),
  lock: script(LOCK),
  complete: script(COMPLETE),
  fail: script(FAIL),
  failRun: script(FAIL_RUN),
  extend: script(EXTEND),
  cancel: script(CANCEL),
  resolve: script(RESOLVE),
  read: script(READ),
};

/** How many keys of a run one script fails, so that Redis is never busy for long. */
const KEYS_A_SCRIPT = 100;

type Handled = keyof typeof SCRIPTS;

/** The commands on single keys, a script each. */
export function claimCommands(tenants: Tenants): Pick<ClaimStore, Handled> {
  async function run(name: Handled, { tenant, ...command }: { tenant: string }): Promise<readonly Value[]> {
    return (await tenants.run(tenant, SCRIPTS[name], command)) as readonly Value[];
  }

  /** Together, so that a tenant's first claim is accepted at once. */
  async function runOfKnown(name: Handled, command: { tenant: string }): Promise<readonly Value[]> {
    const [answer] = await Promise.all([run(name, command), tenants.ensure(command.tenant)]);
    return answer;
  }

  async function finish(name: Handled, command: { tenant: string }): Promise<FinishOutcome> {
    const answer = await run(name, command);
    return done(answer) ?? refused(answer);
  }

  return {
    async claim(claim) {
      const command = { ...claim, leaseId: randomUUID() };
      const [now, outcome, reentrant, usage, record] = await runOfKnown('claim', command);
      return {
        outcome,
        ...(outcome === 'acquired' ? { reentrant: reentrant === 1 } : {}),
        record: recordOf(record ?? []),
        now,
        usage,
      } as ClaimAnswer & { usage: number };
    },
    async lock(lock) {
      const [now, outcome, ttlSeconds, firstSeenAt, expiresAt] = await runOfKnown('lock', lock);
      return { outcome, ttlSeconds, firstSeenAt, expiresAt, now } as LockOutcome;
    },
    complete: (command) => finish('complete', command),
    fail: (command) => finish('fail', command),
    extend: (command) => finish('extend', command),
    cancel: (command) => finish('cancel', command),
    async failRun(command) {
      let failed = 0;
      let after: Value = null;
      let now: Value;
      do {
        const page: readonly Value[] = await run('failRun', { ...command, after, limit: KEYS_A_SCRIPT } as {
          tenant: string;
        });
        now = page[0] ?? 0;
        failed += Number(page[1]);
        after = page[2] ?? null;
      } while (after !== null);
      return { outcome: 'done', failed, now: now as number };
    },
    async resolve(command) {
      const answer = await run('resolve', { ...command, leaseId: randomUUID() } as { tenant: string });
      const [, outcome, version] = answer;
      if (outcome === 'changed') return { outcome, version: version as number };
      return done(answer) ?? { outcome: 'not_found' };
    },
    async read(command) {
      const [now, outcome, record] = await run('read', command);
      if (outcome !== 'done') return { outcome: 'not_found' };
      return { outcome: 'found', record: recordOf(record ?? []), now: now as number };
    },
  };
}

function done([now, outcome, record]: readonly Value[]) {
  if (outcome !== 'done') return undefined;
  return { outcome, record: recordOf(record ?? []), now: now as number } as const;
}

function refused([, outcome, state]: readonly Value[]): Refused {
  return outcome === 'not_found' ? { outcome } : ({ outcome, state: state as ClaimState } as Refused);
}
