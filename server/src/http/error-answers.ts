import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { StoreUnavailable } from '../claims/claim-store.ts';
import { logFailure } from '../log-failure.ts';
import { setAnswerHeaders } from './answer-headers.ts';
import { invalidFields, type SchemaFault } from './invalid-fields.ts';
import {
  INTERNAL,
  count,
  RefusalError,
  refusalText,
  STORE_UNAVAILABLE,
  tooLarge,
  type Refusal,
} from './refusal.ts';

/** Turns everything that is thrown into an answer `{"detail": …}` that shows no internals. */
export function handleErrors(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    const refusal = refusalOf(error, request);
    if (refusal.status >= 500) logFailure(app, request.log, error, 'request failed');
    // Fastify closes the connection after a body that it refused. Node reads the rest of the body and drops it, so that the
    // connection can stay open where the client wants that.
    if (reply.getHeader('connection') === 'close' && reply.raw.shouldKeepAlive)
      reply.header('connection', 'keep-alive');
    return sendRefusal(reply, refusal);
  });
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const detail = `There is no ${request.method} ${path.slice(0, 200)} here; /openapi.json lists what there is.`;
    return sendRefusal(reply, { status: 404, detail });
  });
}

/** Sends a refusal with its status and headers. */
export function sendRefusal(reply: FastifyReply, refusal: Refusal): FastifyReply {
  if (refusal.headers) reply.headers(refusal.headers);
  return reply
    .code(refusal.status)
    .header('content-type', 'application/json; charset=utf-8')
    .send(refusalText(refusal));
}

/** The refusal for anything that was thrown. */
export function refusalOfFailure(error: unknown): Refusal {
  if (error instanceof RefusalError) return error.refusal;
  return error instanceof StoreUnavailable ? STORE_UNAVAILABLE : INTERNAL;
}

function refusalOf(error: FastifyError, request: FastifyRequest): Refusal {
  if (error.validation) {
    const part = error.validationContext === 'querystring' ? 'query' : 'body';
    const faults = error.validation as unknown as SchemaFault[];
    return { status: 422, detail: invalidFields(faults, part) };
  }
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE': {
      const limit = request.routeOptions.bodyLimit;
      return tooLarge('body', limit, `The request's body may have at most ${count(limit)} bytes.`);
    }
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return {
        status: 415,
        detail: 'The body of a request must be JSON, with the header Content-Type: application/json.',
      };
    case 'FST_ERR_BAD_URL':
      return { status: 400, detail: 'The address of the request is not a valid URL.' };
  }
  if (typeof error.statusCode === 'number' && error.statusCode >= 400 && error.statusCode < 500) {
    return { status: error.statusCode, detail: 'The request is not valid HTTP.' };
  }
  return refusalOfFailure(error);
}

/** Answers what is not HTTP, and so never reaches a route. */
export function refuseBrokenHttp(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? '431 Request Header Fields Too Large'
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? '408 Request Timeout'
        : '400 Bad Request';
  const body = JSON.stringify({ detail: 'The request is not valid HTTP.' });
  socket.end(
    `HTTP/1.1 ${status}\r\nContent-Type: application/json; charset=utf-8\r\n` +
      `X-Content-Type-Options: nosniff\r\n` +
      `Content-Length: ${String(Buffer.byteLength(body))}\r\nConnection: close\r\n\r\n${body}`,
  );
}

const NO_HOST: Refusal = {
  status: 400,
  detail: 'The request has no Host header, which HTTP/1.1 requires.',
};
const BROKEN_QUERY: Refusal = {
  status: 400,
  detail: 'The query of the address is not percent-encoded UTF-8; a percent sign in a value is written %25.',
};

/** Refuses what the parsers of HTTP and of queries let pass. A query with replaced characters would name another key. */
export function refuseBrokenRequests(app: FastifyInstance): void {
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.headers.host === undefined && request.raw.httpVersion === '1.1')
      done(new RefusalError(NO_HOST));
    else if (!isDecodable(request.url.split('?', 2)[1] ?? '')) done(new RefusalError(BROKEN_QUERY));
    else done();
  });
}

function isDecodable(query: string): boolean {
  if (!query.includes('%')) return true;
  try {
    decodeURIComponent(query);
    return true;
  } catch {
    return false;
  }
}

/** Answers a URL that the router cannot parse. */
export function refuseBrokenUrl(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  setAnswerHeaders(request, reply);
  sendRefusal(reply, refusalOf(error, request));
}
