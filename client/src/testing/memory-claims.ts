import type { ClaimRecord } from '../../../server/src/claims/record.ts';
import {
  claimKey,
  completeKey,
  extendKey,
  failKey,
  readKey,
  type Decision,
} from '../../../server/src/claims/life.ts';
import type { Claims } from '../embedded/transport.ts';

/** Keeps claims in memory, by the rules of every store. `now`: epoch milliseconds. */
export function createMemoryClaims(now: () => number): Claims {
  const records = new Map<string, ClaimRecord>();
  let fence = 0;
  let usage = 0;

  function decide<Answer>(key: string, by: (record: ClaimRecord | undefined) => Decision<Answer>): Answer {
    const { answer, next } = by(records.get(key));
    if (next !== undefined) records.set(key, next);
    return answer;
  }
  const moment = () => ({ now: now(), leaseId: () => crypto.randomUUID(), fence: () => (fence += 1) });

  return {
    async claim(claim) {
      const answer = decide(claim.key, (record) => claimKey(record, claim, moment()));
      if (answer.outcome === 'acquired' && !answer.reentrant) usage += 1;
      return Promise.resolve({ ...answer, usage });
    },
    complete: async (command) =>
      Promise.resolve(decide(command.key, (record) => completeKey(record, command, moment()))),
    fail: async (command) =>
      Promise.resolve(decide(command.key, (record) => failKey(record, command, moment()))),
    extend: async (command) =>
      Promise.resolve(decide(command.key, (record) => extendKey(record, command, moment()))),
    read: async ({ key }) => Promise.resolve(readKey(records.get(key), now())),
  };
}
