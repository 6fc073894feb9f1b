import type { FastifyBaseLogger } from 'fastify';

const EVERY_MS = 1_000;
/** Causes that are told apart; at more, all are logged anew. */
const CAUSES = 1_000;

type Log = Pick<FastifyBaseLogger, 'error'>;

const seen = new WeakMap<object, Map<string, { at: number; more: number }>>();

/** Logs a failure, unless one of the same cause was logged less than a second ago: the next line says how many there were. */
export function logFailure(logger: object, log: Log, error: unknown, message: string): void {
  const causes = seen.get(logger) ?? new Map<string, { at: number; more: number }>();
  seen.set(logger, causes);
  const cause = `${message}\n${causeOf(error)}`;
  const now = performance.now();
  const last = causes.get(cause);
  if (last !== undefined && now - last.at < EVERY_MS) {
    last.more += 1;
    return;
  }
  if (causes.size >= CAUSES) causes.clear();
  causes.set(cause, { at: now, more: 0 });
  log.error({ err: error, ...(last !== undefined && last.more > 0 && { more: last.more }) }, message);
}

/** Without numbers: how long something took, or which port it was, makes no cause of its own. */
const causeOf = (error: unknown): string => String(error).replaceAll(/\d+/g, '0').slice(0, 500);
