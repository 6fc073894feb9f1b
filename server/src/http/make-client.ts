import {
  createClient,
  ERRORS,
  isOnceOnlyError,
  OnceOnlyError,
  originOf,
  sayError,
  type Client,
  type ErrorCode,
  type OperationId,
  type Then,
} from '@onceonly/shared';
import { CONNECTION_TEST } from '@onceonly/shared/connection.ts';
import { nameEvent } from '@onceonly/shared/client/name-event.ts';
import type { Inputs } from '@onceonly/shared/inputs.ts';
import { readBody, type Transport } from '@onceonly/shared/transport.ts';
import { namesAsShown, operationsAsShown } from '@onceonly/shared/sentence-case.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import { RefusalError } from './refusal.ts';
import { CAPABILITIES, PLAN } from './routes/account.ts';
import type { StepToName } from './tasks.ts';
import type { App, Services } from './services.ts';

/*
 * Make runs no code of ours. So the client that runs inside the other platforms runs here, for the duration of one request,
 * and sends its requests to this same server without a network. Make's users thus get the same behaviour as all others.
 */

/** The error types by which Make decides what to do with a run, and the HTTP status for each. */
const STATUS = {
  DataError: 422,
  DuplicateDataError: 409,
  /** Make runs the module again later. */
  RateLimitError: 429,
  /** Make runs the module again later. */
  ConnectionError: 503,
  /** Make switches the scenario off. */
  InvalidAccessTokenError: 401,
} as const;

export type MakeErrorType = keyof typeof STATUS;

/** What a module returns after an operation: an error, a bundle, or no bundle, which ends the route. */
export const ENDS_ON_MAKE: Readonly<Record<Then, MakeErrorType | 'bundle' | 'no bundle'>> = {
  tell: 'DataError',
  retry_later: 'RateLimitError',
  stop: 'no bundle',
  // Another run has taken over. The bundle says so.
  late: 'bundle',
  lost: 'bundle',
  continue: 'bundle',
};

/** An error in the form that the modules read. */
export function makeError(type: MakeErrorType, error: string, message: string): RefusalError {
  return new RefusalError({ status: STATUS[type], detail: { error, type, message } });
}

/** Turns errors of the client into errors for Make. */
export async function forMake<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isOnceOnlyError(error)) throw error;
    throw makeError(makeErrorOf(error.code), error.code, shownMessage(error));
  }
}

/** The error's message with fields and steps named as on Make. A user's own words are not changed. */
function shownMessage({ code, details: { detail, field } }: OnceOnlyError): string {
  // The details of a token error contain no user input. Others may, after the label that they begin with, so only that is renamed.
  const shown =
    field === 'claim_token' && detail !== undefined
      ? namesAsShown(detail)
      : detail?.replace(/^“[^”]*”/, (label) => namesAsShown(label));
  return sayError(code, shown, namesAsShown);
}

/** The error type for Make. A used-up plan counts as a rate limit, since it is free again when its period ends. */
export function makeErrorOf(code: ErrorCode): MakeErrorType {
  if (code === 'rate_limited' || code === 'payment_required') return 'RateLimitError';
  const types = {
    later: 'ConnectionError',
    reconnect: 'InvalidAccessTokenError',
    never: 'DataError',
  } as const;
  return types[ERRORS[code].retry];
}

interface MakeCaller extends Pick<Services, 'clock' | 'tasks'> {
  readonly tenant: string;
  readonly deadlineMs?: number | undefined;
}

/** A client for one caller, whose API key is sent with every request. */
export function createMakeClient(
  app: App,
  authorization: string | undefined,
  { clock, tasks, tenant, deadlineMs }: MakeCaller,
): Client {
  const [startedAt, began] = [clock(), performance.now()];
  return createClient(within(app, authorization), {
    platform: 'make',
    // Make does not document whether a module can know its scenario, so the origin names none.
    origin: originOf('make'),
    operations: operationsAsShown,
    sleep: async (ms) => {
      await sleep(ms);
    },
    // Starts at the server's clock, by which signatures are checked, but goes on steadily, since waits must end even if that clock is set.
    now: () => startedAt + (performance.now() - began),
    ...(deadlineMs !== undefined && { deadlineMs }),
    async nameEvent(operation, inputs, surroundings) {
      const { id } = operation;
      const { platform } = surroundings;
      if (typeof inputs['key_from'] !== 'string' || inputs['key_from'] === 'value') {
        return nameEvent(operation, inputs, surroundings);
      }
      const step = { id: id as OperationId, inputs, platform } satisfies StepToName;
      const done = await tasks.run(tenant, 'nameEvent', JSON.stringify(step));
      if ('named' in done) return withWarningAsShown(done.named);
      throw new OnceOnlyError(done.code, done.details);
    },
  });
}

/** Renames the field at the end of the warning only: before it stand names from the delivery. */
function withWarningAsShown(named: Inputs): Inputs {
  const { warning } = named;
  if (typeof warning !== 'string') return named;
  return { ...named, warning: warning.replace(/under [A-Za-z ]+$/, (end) => namesAsShown(end)) };
}

const within =
  (app: App, authorization = ''): Transport =>
  async ({ method, path, query, headers, body }) => {
    // Answered here, since a request would count against the caller's rate limit.
    if (path === CONNECTION_TEST.path)
      return { status: 200, headers: {}, body: { plan: PLAN, capabilities: [...CAPABILITIES] } };
    const answer = await app.inject({
      method,
      url: path,
      headers: { ...headers, authorization },
      ...(query && { query }),
      ...(body && { payload: body }),
    });
    const retryAfter = answer.headers['retry-after'];
    return {
      status: answer.statusCode,
      headers: retryAfter === undefined ? {} : { 'retry-after': retryAfter },
      body: readBody(answer.body),
    };
  };
