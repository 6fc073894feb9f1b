import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_SECONDS } from '../sessions.ts';

const NAME = 'onceonly_session';
/** The name over HTTPS. With the prefix `__Host-`, browsers let no other host of the same domain set the cookie. */
const HTTPS_NAME = `__Host-${NAME}`;

/** The dashboard sends this header with every request that changes something. Pages of other sites cannot. */
const PAGE_HEADER = 'x-onceonly-page';

/** The session token of a request. */
export function sessionToken(request: FastifyRequest): string | undefined {
  const token = cookieOf(request, HTTPS_NAME);
  return token ?? (isHttps(request) ? undefined : cookieOf(request, NAME));
}

function cookieOf({ headers }: FastifyRequest, name: string): string | undefined {
  return new RegExp(`(?:^|;) *${name}=([^;]*)`).exec(headers.cookie ?? '')?.[1];
}

/** Sets the session cookie, which scripts cannot read and other sites cannot make a browser send. An empty token deletes it. */
export function setSessionToken(request: FastifyRequest, reply: FastifyReply, token: string): void {
  const age = token === '' ? 0 : SESSION_SECONDS;
  const [name, secure] = isHttps(request) ? [HTTPS_NAME, '; Secure'] : [NAME, ''];
  reply.header('set-cookie', `${name}=${token}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`);
}

/** Whether a page of this server sent the request. Browsers do not let other sites set the header. */
export function isOfOwnPage({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  return headers[PAGE_HEADER] === '1' && (site === undefined || site === 'same-origin');
}

/** Whether the browser uses HTTPS, since a proxy may end TLS. A forged header only makes the caller's own cookie stricter. */
function isHttps({ headers }: FastifyRequest): boolean {
  return headers['x-forwarded-proto'] === 'https' || headers.origin?.startsWith('https:') === true;
}
