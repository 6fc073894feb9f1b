import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_SECONDS } from '../sessions.ts';

const NAME = 'onceonly_session';
/** Of a page that came by HTTPS: browsers take such a name from this very host alone, not from its neighbours. */
const HTTPS_NAME = `__Host-${NAME}`;

/** What a page of this server sends along with whatever changes something: other sites cannot. */
const PAGE_HEADER = 'x-onceonly-page';

/** The session's token that a request carries. */
export function sessionToken(request: FastifyRequest): string | undefined {
  const token = cookieOf(request, HTTPS_NAME);
  return token ?? (isHttps(request) ? undefined : cookieOf(request, NAME));
}

function cookieOf({ headers }: FastifyRequest, name: string): string | undefined {
  return new RegExp(`(?:^|;) *${name}=([^;]*)`).exec(headers.cookie ?? '')?.[1];
}

/** No script can read it, and no other site can have it sent. An empty token ends it. */
export function setSessionToken(request: FastifyRequest, reply: FastifyReply, token: string): void {
  const age = token === '' ? 0 : SESSION_SECONDS;
  const [name, secure] = isHttps(request) ? [HTTPS_NAME, '; Secure'] : [NAME, ''];
  reply.header('set-cookie', `${name}=${token}; Path=/; Max-Age=${age}; HttpOnly; SameSite=Strict${secure}`);
}

/** Whether it was a page of this server that sent the request. Browsers let no other site set the header. */
export function isOfOwnPage({ headers }: FastifyRequest): boolean {
  const site = headers['sec-fetch-site'];
  return headers[PAGE_HEADER] === '1' && (site === undefined || site === 'same-origin');
}

/** As the browser sees it: a proxy may have taken the TLS away. A lie makes the liar's own cookie stricter, no more. */
function isHttps({ headers }: FastifyRequest): boolean {
  return headers['x-forwarded-proto'] === 'https' || headers.origin?.startsWith('https:') === true;
}
