import type { FastifyBaseLogger } from 'fastify';

const EVERY_MS = 1_000;
/** How many causes are remembered. If there are more, all are forgotten and logged again. */
const CAUSES = 1_000;

type Log = Pick<FastifyBaseLogger, 'error'>;

const seen = new WeakMap<object, Map<string, { at: number; more: number }>>();

/** Logs a failure, unless one with the same cause was logged less than a second ago. The next line says how many were left out. */
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

/** Numbers are replaced, so that failures which differ only in a duration or a port have the same cause. */
const causeOf = (error: unknown): string => String(error).replaceAll(/\d+/g, '0').slice(0, 500);
