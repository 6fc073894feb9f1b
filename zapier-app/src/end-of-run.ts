import {
  ERRORS,
  isOnceOnlyError,
  type Json,
  type JsonObject,
  type OnceOnlyError,
  type Then,
} from '@onceonly/shared';
import type { ZObject } from 'zapier-platform-core';

type Errors = ZObject['errors'];

/** From 0 to 1. */
type Random = () => number;

/** Zapier shows the run as waiting for so long: a service that asks for more is asked again in between. */
const LONGEST_DELAY_SECONDS = 900;
const DELAY_SECONDS = 60;
/** Runs that met a dead service do not all come back in the same second. */
const JITTER_SECONDS = 30;

/** What ends a run of a Zap after an operation; undefined where it goes on. */
export function endOfRun(
  errors: Errors,
  { outputs, then }: { readonly outputs: JsonObject; readonly then: Then },
  random: Random,
): Error | undefined {
  const message = text(outputs['message']);
  switch (then) {
    case 'continue':
      return undefined;
    case 'stop':
      return plainly(new errors.HaltedError(message));
    case 'lost':
      // An error would be replayed, only to find the claim lost again.
      return plainly(new errors.HaltedError(message));
    case 'late':
      // The work may have been done twice: a halted run is green and sends no mail.
      return plainly(new errors.Error(message, text(outputs['status'])));
    case 'retry_later':
      return new errors.ThrottledError(message, delay(outputs['retry_after_seconds'], random));
    case 'tell':
      return new errors.Error(message, text(outputs['status']));
  }
}

/** A fault as Zapier treats it best: tried again, the connection to be mended, or told. */
export function faultOfRun(errors: Errors, error: unknown, random: Random): unknown {
  if (!isOnceOnlyError(error)) return error;
  switch (ERRORS[error.code].retry) {
    case 'later':
      return new errors.ThrottledError(error.message, delay(error.details.retryAfterSeconds, random));
    case 'reconnect':
      return plainly(new errors.ExpiredAuthError(error.message));
    case 'never':
      return told(errors, error);
  }
}

/** A fault while a person watches, in a connection test or the editor: a sentence, at once. */
export const faultOfTest = (errors: Errors, error: unknown): unknown =>
  isOnceOnlyError(error) ? told(errors, error) : error;

/** A delivery that did not come from the hook's server: an error would count against the Zap, which is not to blame. */
export const notSigned = (errors: Errors): Error =>
  plainly(
    new errors.HaltedError(
      'Nothing was started: what came to this Zap was not signed by your OnceOnly server, or is more than a day old. If it was an event of your own server, turn the Zap off and on again.',
    ),
  );

const told = (errors: Errors, { message, code, details }: OnceOnlyError): Error =>
  new errors.Error(message, code, details.httpStatus);

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');

function delay(asked: unknown, random: Random): number {
  if (typeof asked === 'number') return Math.min(Math.max(1, Math.ceil(asked)), LONGEST_DELAY_SECONDS);
  return DELAY_SECONDS + Math.round(JITTER_SECONDS * random());
}

/** Without this mark Zapier's core adds a list of requests to the sentence that the user reads. */
const plainly = (error: Error): Error => Object.assign(error, { doNotContextify: true });
