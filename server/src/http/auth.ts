import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { FindApiKey } from '../api-keys.ts';
import type { ApiKey } from '../claims/store.ts';
import { INVALID_KEY, MISSING_KEY, OPERATOR_KEY_NEEDED, RefusalError } from './refusal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose request it is; set on every route behind `requireApiKey`. */
    apiKey: ApiKey | null;
  }
}

const BEARER = /^Bearer +([^\s]+) *$/i;

/** Refuses requests without a valid API key: 401 where there is none, 403 where it is unknown or revoked. */
export function requireApiKey(app: FastifyInstance, findApiKey: FindApiKey): void {
  app.addHook('onRequest', (request, _reply, done) => {
    const secret = BEARER.exec(request.headers.authorization ?? '')?.[1];
    if (secret === undefined) {
      done(new RefusalError(MISSING_KEY));
      return;
    }
    const found = findApiKey(secret);
    if (found !== null && 'then' in found) {
      found.then(accept, done);
    } else {
      accept(found);
    }

    function accept(apiKey: ApiKey | null): void {
      request.apiKey = apiKey;
      if (apiKey === null) done(new RefusalError(INVALID_KEY));
      else done();
    }
  });
}

/** Whose request it is, on a route behind `requireApiKey`. */
export function callerOf(request: FastifyRequest): ApiKey {
  if (request.apiKey === null) throw new RefusalError(MISSING_KEY);
  return request.apiKey;
}

/** As a hook of routes that show or decide about all of a tenant's keys. */
export function requireOperator(
  request: FastifyRequest,
  _reply: unknown,
  done: (error?: Error) => void,
): void {
  if (callerOf(request).role === 'operator') done();
  else done(new RefusalError(OPERATOR_KEY_NEEDED));
}
