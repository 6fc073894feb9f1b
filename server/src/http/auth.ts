import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FindApiKey, ApiKey } from '../api-keys.ts';
import type { Sessions } from '../sessions.ts';
import {
  INVALID_KEY,
  MISSING_KEY,
  NOT_OF_A_PAGE,
  OPERATOR_KEY_NEEDED,
  RefusalError,
  SESSION_ENDED,
  type Refusal,
} from './refusal.ts';
import { isOfOwnPage, sessionToken } from './session-cookie.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The caller; set on every route behind `requireApiKey`. */
    apiKey: ApiKey | null;
  }
}

const BEARER = /^Bearer +([^\s]+) *$/i;

/**
 * Refuses requests without a valid API key: 401 if there is none, 403 if it is unknown or revoked. A session stands for the
 * API key that it was started with. With a session, only this server's own pages may change anything.
 */
export function requireApiKey(app: FastifyInstance, findApiKey: FindApiKey, sessions: Sessions): void {
  app.addHook('onRequest', (request, reply, done) => {
    const secret = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (secret !== undefined) {
      const found = findApiKey(secret, request.ip);
      if (found !== null && 'then' in found) found.then(accept(INVALID_KEY), done);
      else accept(INVALID_KEY)(found);
      return;
    }
    const token = sessionToken(request);
    if (token === undefined) {
      done(new RefusalError(MISSING_KEY));
    } else if (request.method !== 'GET' && !isOfOwnPage(request)) {
      done(new RefusalError(NOT_OF_A_PAGE));
    } else {
      // Data of a session must not stay in the browser's cache after the session has ended.
      reply.header('cache-control', 'no-store');
      sessions.find(token, request.ip).then(accept(SESSION_ENDED), done);
    }

    function accept(otherwise: Refusal) {
      return (apiKey: ApiKey | null): void => {
        request.apiKey = apiKey;
        if (apiKey === null) done(new RefusalError(otherwise));
        else done();
      };
    }
  });
}

/** The caller of a route behind `requireApiKey`. */
export function callerOf(request: FastifyRequest): ApiKey {
  if (request.apiKey === null) throw new RefusalError(MISSING_KEY);
  return request.apiKey;
}

/** A hook for routes that show all of a tenant's keys, or decide about them. */
export function requireOperator(
  request: FastifyRequest,
  _reply: unknown,
  done: (error?: Error) => void,
): void {
  if (callerOf(request).role === 'operator') done();
  else done(new RefusalError(OPERATOR_KEY_NEEDED));
}
