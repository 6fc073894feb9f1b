import type { ClaimStore } from '../../claims/claim-store.ts';
import type { KeyKind } from '../shared/claim-handlers.ts';
import { runBatch } from './batches.ts';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { AnswerOf } from '../shared/requests.ts';
import { runPrefix } from './indexes.ts';
import type { Link } from './link.ts';
import type { SendCommand } from './queues.ts';
import type { RedisTenants } from './tenants.ts';
import type { Transactions } from './run-transaction.ts';

/**
 * How many transactions fail the keys of a run at the same time. Redis syncs its file once for everything that it does in one turn,
 * and a disk may take long for each sync.
 */
const SIDE_BY_SIDE = 5;

export interface ClaimCommandsOptions {
  readonly link: Link;
  readonly tenants: RedisTenants;
  readonly transactions: Transactions;
  readonly send: SendCommand;
}

export function claimCommands(options: ClaimCommandsOptions): Pick<ClaimStore, KeyKind> {
  const { link, tenants, transactions, send } = options;
  /** Adds the tenant and sends the command in parallel, so that the first claim of a tenant does not take longer. */
  const sendOfKnown: SendCommand = async (kind, fields) => {
    const [answer] = await Promise.all([send(kind, fields), tenants.ensure(fields.tenant)]);
    return answer;
  };

  return {
    claim: (claim) => sendOfKnown('claim', claim),
    lock: (lock) => sendOfKnown('lock', lock),
    complete: (complete) => send('complete', complete),
    fail: (fail) => send('fail', fail),
    extend: (extend) => send('extend', extend),
    cancel: (cancel) => send('cancel', cancel),
    resolve: (resolve) => send('resolve', resolve),
    read: (read) => send('read', read),
    clearMark: (clear) => send('clearMark', clear),
    async failRun(fail) {
      const { tenant, run } = fail;
      const prefix = runPrefix(run);
      let failed = 0;
      let after = `[${prefix}`;
      // The prefix ends with a colon. A semicolon, the next character, makes a bound after all members with this prefix.
      const end = `(${prefix.slice(0, -1)};`;
      for (;;) {
        const inOne = transactions.recordsAtOnce(tenant);
        const page = ['ZRANGEBYLEX', `${tenants.base(tenant)}:runs`, after, end] as const;
        const members = (await link.ask(...page, 'LIMIT', 0, SIDE_BY_SIDE * inOne)) as readonly string[];
        const keys = members.map((member) => member.slice(prefix.length));
        const ends = await Promise.all(
          inParts(keys, inOne).map(async (part) => {
            const step = { ...fail, kind: 'failRun', after: '', limit: inOne } as const;
            const [reply] = await runBatch(transactions, tenant, [step], part);
            if (reply === undefined || 'unavailable' in reply) throw new StoreUnavailable(reply?.unavailable);
            return reply.answer as AnswerOf<'failRun'>;
          }),
        );
        for (const each of ends) failed += each.failed;
        const last = members.at(-1);
        if (last === undefined || members.length < SIDE_BY_SIDE * inOne) {
          return { outcome: 'done', failed, now: Math.max(...ends.map(({ now }) => now)) };
        }
        after = `(${last}`;
      }
    },
  };
}

/** Splits keys into at least one part, so that a run without keys also gets an answer with the time of the tenant. */
function inParts(keys: readonly string[], inOne: number): readonly (readonly string[])[] {
  const count = Math.max(1, Math.ceil(keys.length / inOne));
  return Array.from({ length: count }, (_, at) => keys.slice(at * inOne, (at + 1) * inOne));
}
