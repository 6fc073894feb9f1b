import { OnceOnlyError, isOnceOnlyError } from '../errors.ts';
import type { JsonObject } from '../json.ts';
import type { HttpRequest, Transport } from '../transport.ts';
import { readAnswer } from './answer.ts';

export interface Timing {
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** From 0 to 1. */
  readonly random: () => number;
}

export type Wire = Omit<HttpRequest, 'headers' | 'timeoutMs'>;

export interface Sent {
  readonly answer: JsonObject;
  /** Whether an earlier try of this request got no answer. It may have taken effect. */
  readonly resent: boolean;
}

/** Asks for outcomes as HTTP 200; a service that does not know the header ignores it. */
const HEADERS = { accept: 'application/json', 'x-onceonly-outcomes': '200' };

const MOST_TRIES = 4;
const ANSWER_WITHIN_MS = 10_000;
const FIRST_PAUSE_MS = 250;

/**
 * Sends a request until there is an answer: at most four times, with growing pauses, and never after `deadlineAt`. Every request of
 * the client may be repeated, since it names its holder or its lease. Throws a OnceOnlyError.
 */
export function createSender(transport: Transport, { now, sleep, random }: Timing) {
  return async function send(wire: (leftMs: number) => Wire, deadlineAt: number): Promise<Sent> {
    let resent = false;
    for (let tries = 1; ; tries += 1) {
      const leftMs = deadlineAt - now();
      const { waitMs, ...request } = withWait(wire(leftMs));
      const timeoutMs = Math.max(1, Math.min(leftMs, ANSWER_WITHIN_MS + waitMs));
      const reading = await transport({ ...request, headers: HEADERS, timeoutMs }).then(
        (response) => readAnswer(request.path, response),
        noAnswer,
      );
      if ('answer' in reading) return { answer: reading.answer, resent };

      const { error, unclear } = reading;
      resent ||= unclear;
      const again = unclear || error.code === 'rate_limited';
      const pauseMs = pause(error, tries, random());
      if (!again || tries === MOST_TRIES || now() + pauseMs + FIRST_PAUSE_MS > deadlineAt) throw error;
      await sleep(pauseMs);
    }
  };
}

export type Send = ReturnType<typeof createSender>;

/** Whether a failed request may have taken effect. */
export const isUnclear = (error: unknown): error is OnceOnlyError =>
  isOnceOnlyError(error) &&
  ['no_answer', 'server_error', 'unexpected_answer', 'lock_unknown'].includes(error.code);

/** The request, and how long it asks the service to wait, since the answer then takes that much longer. */
function withWait(wire: Wire): Wire & { waitMs: number } {
  const wait = wire.body?.['wait'];
  return { ...wire, waitMs: typeof wait === 'number' ? wait * 1_000 : 0 };
}

/** The transport's error is dropped, since it may contain the URL, and headers with the API key. */
const noAnswer = () => ({ error: new OnceOnlyError('no_answer'), unclear: true });

/** The pause before the next try, in whole milliseconds. */
function pause(error: OnceOnlyError, tries: number, random: number): number {
  const asked = error.details.retryAfterSeconds;
  return asked === undefined
    ? Math.round(FIRST_PAUSE_MS * 2 ** (tries - 1) * (0.5 + random / 2))
    : asked * 1_000;
}
