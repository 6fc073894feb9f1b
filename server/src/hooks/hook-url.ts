import { isPublic } from './addresses.ts';

export const MAX_URL_CHARACTERS = 2_048;

/** A URL's host as a name or an address, without the brackets of IPv6 and the dot of the root. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');

/** Why a hook cannot have this URL, in a sentence; null if it can. */
export function hookUrlFault(
  text: string,
  { privateAddresses }: { readonly privateAddresses: boolean },
): string | null {
  const url = URL.parse(text);
  if (url === null || !['http:', 'https:'].includes(url.protocol)) {
    return 'url must be a whole address that begins with https:// or http://.';
  }
  if (url.username !== '' || url.password !== '') return 'url must not hold a user name or password.';
  if (text.includes('#')) return 'url must not have a part after #.';
  if (!privateAddresses && neverPublic(hostOf(url))) {
    return 'url must be an address on the internet; this one is of this machine or of a private network. Whoever runs the server can allow those with ONCEONLY_HOOK_PRIVATE_ADDRESSES.';
  }
  return null;
}

/** Names that stand for this machine everywhere (RFC 6761), and addresses; what other names mean shows at connecting. */
function neverPublic(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isPublic(host) === false;
}
