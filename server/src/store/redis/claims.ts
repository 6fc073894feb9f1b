import { randomUUID } from 'node:crypto';
import type { ClaimStore } from '../../claims/store.ts';
import type { Command } from './answers.ts';
import type { SendCommand } from './groups.ts';
import { FAIL_RUN } from './lua/finish.ts';
import { script } from './script.ts';
import type { Tenants } from './tenants.ts';

/** How many keys of a run one script fails, so that Redis is never busy for long. */
const KEYS_A_SCRIPT = 100;

const failRun = script(FAIL_RUN);

export function claimCommands(tenants: Tenants, send: SendCommand): Pick<ClaimStore, Command | 'failRun'> {
  /** Together, so that a tenant's first claim is accepted at once. */
  const sendOfKnown: SendCommand = async (kind, fields) => {
    const [answer] = await Promise.all([send(kind, fields), tenants.ensure(fields.tenant)]);
    return answer;
  };

  return {
    claim: (claim) => sendOfKnown('claim', withLease(claim)),
    lock: (lock) => sendOfKnown('lock', lock),
    complete: (complete) => send('complete', complete),
    fail: (fail) => send('fail', fail),
    extend: (extend) => send('extend', extend),
    cancel: (cancel) => send('cancel', cancel),
    resolve: (resolve) => send('resolve', withLease(resolve)),
    read: (read) => send('read', read),
    async failRun({ tenant, ...command }) {
      let failed = 0;
      let after: string | null = null;
      let now: number;
      do {
        const page = { ...command, after, limit: KEYS_A_SCRIPT };
        const answer = await tenants.run(tenant, failRun, page);
        const [time, count, last] = answer as readonly [number, number, string | null];
        now = time;
        failed += count;
        after = last;
      } while (after !== null);
      return { outcome: 'done', failed, now };
    },
  };
}

/** The lease that the command gives out if it does; Lua has no randomness that is good enough. */
const withLease = <C extends object>(command: C) => ({ ...command, leaseId: randomUUID() });
