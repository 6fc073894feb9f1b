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
import type { ToBeNamed } from './heavy.ts';
import type { App, Services } from './services.ts';

/*
 * No code of ours runs on Make, so the client that the other platforms carry with them runs here, for the time of one
 * request. It sends to this very server, without a network in between, and so Make's users get what all others get.
 */

/** Types of errors by which Make decides what to do with a run, and the status that carries each. */
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

/** What a module does after an operation: an error, a bundle, or none, where the route ends. */
export const ENDS_ON_MAKE: Readonly<Record<Then, MakeErrorType | 'bundle' | 'no bundle'>> = {
  tell: 'DataError',
  retry_later: 'RateLimitError',
  stop: 'no bundle',
  // Another run has taken over meanwhile: the bundle says so.
  late: 'bundle',
  lost: 'bundle',
  continue: 'bundle',
};

/** An error as the modules read it. */
export function makeError(type: MakeErrorType, error: string, message: string): RefusalError {
  return new RefusalError({ status: STATUS[type], detail: { error, type, message } });
}

/** Carries the errors of the client to Make. */
export async function forMake<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isOnceOnlyError(error)) throw error;
    throw makeError(makeErrorOf(error.code), error.code, shownMessage(error));
  }
}

/** Names fields and steps as Make writes them, and leaves a user's words as they are. */
function shownMessage({ code, details: { detail, field } }: OnceOnlyError): string {
  // What is wrong with a token says nothing that was entered; all else may, behind the field that it begins with.
  const shown =
    field === 'claim_token' && detail !== undefined
      ? namesAsShown(detail)
      : detail?.replace(/^“[^”]*”/, (label) => namesAsShown(label));
  return sayError(code, shown, namesAsShown);
}

/** A plan that is used up is free again when its period ends, so Make tries again. */
export function makeErrorOf(code: ErrorCode): MakeErrorType {
  if (code === 'rate_limited' || code === 'payment_required') return 'RateLimitError';
  const types = {
    later: 'ConnectionError',
    reconnect: 'InvalidAccessTokenError',
    never: 'DataError',
  } as const;
  return types[ERRORS[code].retry];
}

interface MakeCaller extends Pick<Services, 'clock' | 'work'> {
  readonly tenant: string;
  readonly deadlineMs?: number | undefined;
}

/** For one caller, whose API key goes with every request. */
export function createMakeClient(
  app: App,
  authorization: string | undefined,
  { clock, work, tenant, deadlineMs }: MakeCaller,
): Client {
  const [startedAt, began] = [clock(), performance.now()];
  return createClient(within(app, authorization), {
    platform: 'make',
    // Whether its modules know the scenario, Make does not document.
    origin: originOf('make'),
    operations: operationsAsShown,
    sleep: async (ms) => {
      await sleep(ms);
    },
    // Signatures are as old as the server's clock says; what is waited for passes even if that clock is set.
    now: () => startedAt + (performance.now() - began),
    ...(deadlineMs !== undefined && { deadlineMs }),
    async nameEvent(operation, inputs, surroundings) {
      const { id } = operation;
      const { platform } = surroundings;
      if (typeof inputs['key_from'] !== 'string' || inputs['key_from'] === 'value') {
        return nameEvent(operation, inputs, surroundings);
      }
      const step = { id: id as OperationId, inputs, platform } satisfies ToBeNamed;
      const done = await work.run(tenant, 'name', JSON.stringify(step));
      if ('named' in done) return withWarningAsShown(done.named);
      throw new OnceOnlyError(done.code, done.details);
    },
  });
}

/** The field that it ends with; before it stand names of the delivery. */
function withWarningAsShown(named: Inputs): Inputs {
  const { warning } = named;
  if (typeof warning !== 'string') return named;
  return { ...named, warning: warning.replace(/under [A-Za-z ]+$/, (end) => namesAsShown(end)) };
}

const within =
  (app: App, authorization = ''): Transport =>
  async ({ method, path, query, headers, body }) => {
    // What this very server can do it knows; asking would count against the caller's rate.
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
