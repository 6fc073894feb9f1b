import { asText, isObject, type Json } from './json.ts';
import { DERIVATION } from './sources/derive.ts';

/** The fields of a connection, in the order in which they are shown. */
export const connectionFields = [
  {
    id: 'apiKey',
    label: 'API Key',
    type: 'secret',
    required: true,
    help: 'Starts with once_live_. Copy it from your OnceOnly account, or make one on your own server with the command onceonly-server api-keys create.',
  },
  {
    id: 'baseUrl',
    label: 'Base URL',
    type: 'text',
    required: false,
    default: 'https://api.onceonly.tech',
    help: 'Leave it as it is for the hosted service. For your own OnceOnly server, enter its address.',
  },
] as const;

export const DEFAULT_BASE_URL: string = connectionFields[1].default;

/** Every OnceOnly service answers this for a valid API key. Our own server also says whether it derives keys as this app does. */
export const CONNECTION_TEST = {
  method: 'GET',
  path: '/v1/me',
  query: { derivation: String(DERIVATION) },
} as const;

/** The warning about a server that derives keys of webhooks differently. On Make, the server derives them; on the other platforms, the app. */
export const OTHER_DERIVATION = {
  member: 'derivation_known',
  label: 'makes other keys of webhooks than this app: update the server',
  message:
    'This server makes other keys of webhooks than this app. An event that also comes to Make would have two keys, and be done twice. Update the server.',
} as const;

export type BaseUrl = { readonly url: string } | { readonly problem: string };

/**
 * The base URL for requests, without `/v1`, which the user may or may not enter, and without a slash at the end. Plain http is
 * accepted only for this machine; `http` allows it everywhere, and `loopback: false` forbids it even there.
 */
export function readBaseUrl(
  entered: unknown,
  allow: { readonly http?: boolean; readonly loopback?: boolean } = {},
): BaseUrl {
  const text = asText((entered ?? null) as Json).trim() || DEFAULT_BASE_URL;
  if (text.startsWith('once_live_'))
    return { problem: `Base URL: this is an API key. It looks like ${DEFAULT_BASE_URL}` };
  if (!URL.canParse(text))
    return { problem: `Base URL: “${text}” is not an address. It looks like ${DEFAULT_BASE_URL}` };
  const url = new URL(text);
  const isLoopback = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
  const loopback = isLoopback && allow.loopback !== false;
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && (loopback || allow.http === true))) {
    return {
      problem: 'Base URL: it must start with https://, so that the API key cannot be read on the way.',
    };
  }
  if (url.username !== '' || url.password !== '')
    return { problem: 'Base URL: it must not hold a user name or password.' };
  if (url.search !== '' || url.hash !== '') return { problem: 'Base URL: it must not hold a “?” or a “#”.' };
  return { url: url.origin + url.pathname.replace(/\/+$/, '').replace(/\/v1$/, '') };
}

export type ApiKey = { readonly apiKey: string } | { readonly problem: string };

/** The API key, trimmed. It must consist of characters that a header can carry, since a header error would show the key. */
export function readApiKey(entered: unknown): ApiKey {
  const apiKey = asText((entered ?? null) as Json).trim();
  if (/^[\x21-\x7e]+$/.test(apiKey)) return { apiKey };
  return {
    problem: 'API Key: it is empty, or holds a space or another character that no key has. Copy it again.',
  };
}

/** The name of a connection in a list: the account and the host, with the warning if the server derives keys differently. */
export function connectionLabel(me: unknown, baseUrl: string): string {
  const host = URL.canParse(baseUrl) ? new URL(baseUrl).host : baseUrl;
  const account = isObject(me) ? (me['tenant'] ?? me['email'] ?? me['plan']) : undefined;
  const name = typeof account === 'string' ? `${account} (${host})` : host;
  const differs = isObject(me) && me[OTHER_DERIVATION.member] === false;
  return differs ? `${name}, which ${OTHER_DERIVATION.label}` : name;
}
