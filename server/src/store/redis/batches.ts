import { StoreUnavailable } from '../../claims/claim-store.ts';
import { messageOf } from '../../error-message.ts';
import { claimHandlers, lockHandlers, type KeyKind } from '../shared/claim-handlers.ts';
import type { AnswerOf, CallName, Reply, RequestOf } from '../shared/requests.ts';
import type { Handlers, Transaction } from '../shared/transaction.ts';
import { NoAnswer, NotPrimary } from './failures.ts';
import type { Done, RedisTransaction } from './transaction.ts';
import type { Transactions } from './run-transaction.ts';

export type KeyRequest = RequestOf<KeyKind>;

const TENANTS = { find: () => 0, ensure: () => 0 };

/**
 * Runs requests of one tenant in one transaction, one after the other. A request that fails, or whose write is refused, does not
 * fail the others.
 */
export async function runBatch(
  transactions: Transactions,
  tenant: string,
  requests: readonly KeyRequest[],
  keysOfRun: readonly string[] = [],
): Promise<Reply[]> {
  const keysOf = (isWanted: (kind: CallName) => boolean): string[] => [
    ...new Set(
      requests.flatMap((request) => (isWanted(request.kind) && 'key' in request ? [request.key] : [])),
    ),
  ];
  const wanted = {
    claims: [...keysOf((kind) => kind !== 'lock'), ...keysOfRun],
    groups: [
      ...new Set(
        requests.flatMap((request) => ('group' in request && request.group !== null ? [request.group] : [])),
      ),
    ],
    locks: keysOf((kind) => kind === 'lock'),
  };
  // The requests that changed something.
  const changing = new Set<KeyRequest>();
  try {
    const done = await transactions.run(tenant, wanted, (tx) => {
      const handlers = {
        ...claimHandlers(TENANTS, tx.claims, tx.groups),
        ...lockHandlers(TENANTS, tx.locks),
      };
      changing.clear();
      return requests.map((request) => {
        const before = tx.changeCount();
        const reply = replyOf(handlers, tx, request);
        if (tx.changeCount() > before) changing.add(request);
        return reply;
      });
    });
    return done.value.map((reply) => finished(reply, done));
  } catch (error) {
    const refused: Reply = { unavailable: messageOf(error) };
    const others = requests.filter((request) => !changing.has(request));
    const isRefusal = !(error instanceof NoAnswer) && !(error instanceof NotPrimary);
    if (!isRefusal || changing.size === 0 || others.length === 0) return requests.map(() => refused);
    // The answers of requests that changed nothing do not depend on the write.
    const replies = await runBatch(transactions, tenant, others);
    return requests.map((request) => replies[others.indexOf(request)] ?? refused);
  }
}

type KeyHandlers = Pick<Handlers<Transaction>, KeyKind>;

function replyOf(handlers: KeyHandlers, tx: RedisTransaction, request: KeyRequest): Reply {
  // The cast is needed because TypeScript cannot see that the request fits the handler of its kind.
  const handler = handlers[request.kind] as (tx: Transaction, request: KeyRequest) => AnswerOf<KeyKind>;
  try {
    return { answer: handler(tx, request) };
  } catch (error) {
    if (error instanceof StoreUnavailable) return { unavailable: error.message };
    throw error;
  }
}

/** Completes a reply with what is known only after the write. */
function finished(reply: Reply, done: Done<unknown>): Reply {
  if (!('answer' in reply)) return reply;
  let answer = reply.answer as AnswerOf<KeyKind>;
  if ('record' in answer) answer = { ...answer, record: done.withFence(answer.record) };
  if ('usage' in answer) answer = { ...answer, usage: answer.usage + done.more('ai') };
  return { answer };
}
