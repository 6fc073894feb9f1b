import { StoreUnavailable } from '../../claims/claim-store.ts';

/** The beginnings of error messages of Redis or its client, each with a sentence that says what it means and what to do. */
const SENTENCES: readonly (readonly [begins: RegExp, sentence: string])[] = [
  [
    /^OOM|command not allowed when used memory/,
    'Redis has reached its memory limit and takes nothing new. Raise maxmemory, or give it a machine with more memory.',
  ],
  [
    /^READONLY/,
    'This Redis is a replica, which takes no writes. Point ONCEONLY_STORE at the primary, or wait for the failover to end.',
  ],
  [
    /^(WRONGPASS|NOAUTH|NOPERM|ERR AUTH)/,
    'Redis refuses the user or password in ONCEONLY_STORE, or its rights.',
  ],
  [
    /^ERR (DB index|invalid DB)/,
    'This Redis has no database of the number in ONCEONLY_STORE. Choose one below its setting databases.',
  ],
  [/^ERR SELECT/, 'A Redis cluster has database 0 only: leave it out of ONCEONLY_STORE.'],
  [/^LOADING/, 'Redis has just started and loads its data. It answers when that is done.'],
  [/^MISCONF/, 'Redis cannot save its data to its disk and takes nothing new. See the log of Redis.'],
  [
    /^(CLUSTERDOWN|TRYAGAIN|MOVED|ASK|Cluster|Too many Cluster|Failed to refresh slots)/,
    'The Redis cluster is not complete at the moment.',
  ],
  [/^NOREPLICAS/, 'Too few replicas of this Redis are in reach (min-replicas-to-write).'],
  [/^Command timed out/, 'Redis gave no answer in time.'],
  [
    /^(Connection is closed|Stream isn't writeable|connect |getaddrinfo|read |write |Reached the max retries|None of startup nodes)/,
    'Redis cannot be reached.',
  ],
];

/** These messages only say that there is no connection. The error of the connection says why. */
export const NOT_CONNECTED = /^(Connection is closed|Stream isn't writeable|Reached the max retries)/;

/** What Redis 6 puts in front of the error of a command in a script. */
const IN_SCRIPT = /^ERR Error running script \(.*?\): @user_script:\d+: @user_script: ?\d+: -?/;

/** This Redis has become a replica, so its data may be out of date. */
export class NotPrimary extends StoreUnavailable {}

/** Redis did not answer, so the command may have been executed. */
export class NoAnswer extends StoreUnavailable {}

/** Turns an error into a `StoreUnavailable` with a sentence and the message of Redis or, without one, of the connection (`lost`). */
export function unavailable(error: unknown, lost?: Error): StoreUnavailable {
  if (error instanceof StoreUnavailable) return error;
  const message = error instanceof Error ? error.message : String(error);
  const reason = (NOT_CONNECTED.test(message) ? (lost?.message ?? message) : message).replace(IN_SCRIPT, '');
  const sentence = SENTENCES.find(([begins]) => begins.test(reason))?.[1] ?? 'Redis failed.';
  const isAnswer = error instanceof Error && error.name === 'ReplyError';
  const Failure = !isAnswer ? NoAnswer : reason.startsWith('READONLY') ? NotPrimary : StoreUnavailable;
  return new Failure(`${sentence} (${reason})`);
}
