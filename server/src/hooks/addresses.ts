import ipaddr from 'ipaddr.js';
import type { LookupAddress, LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

/** All of IPv6 that may be given to hosts on the internet. Whatever holds an IPv4 address within is outside, or has a name. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Azure's own services, as its machines reach them: within what looks like the internet. */
const AZURE_INTERNAL = '168.63.129.16';

/**
 * Whether an IP address is one of the internet, rather than of this machine, a private network or a special purpose;
 * null where the text is not an address. IPv6 that stands for IPv4 (mapped, NAT64, 6to4, Teredo) is refused as a whole.
 */
export function isPublic(address: string): boolean | null {
  if (!ipaddr.isValid(address)) return null;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast' || parsed.toString() === AZURE_INTERNAL) return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
}

/** `dns.lookup`, asked for all addresses. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The host has no address that may be connected to. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Resolves a name as a socket is about to connect, to addresses of the internet alone: the socket takes one of the very
 * addresses that were checked, so that a name cannot mean something else a moment later.
 */
export function checkedLookup(resolve: Resolve): LookupFunction {
  return (hostname, options, callback) => {
    const all: LookupAllOptions = {
      all: true,
      ...(options.family === undefined ? {} : { family: options.family }),
      ...(options.hints === undefined ? {} : { hints: options.hints }),
    };
    resolve(hostname, all, (error, found) => {
      if (error !== null) {
        callback(error, '');
        return;
      }
      const [first, ...others] = found.filter(({ address }) => isPublic(address) === true);
      if (first === undefined) callback(new AddressRefused(), '');
      else if (options.all) callback(null, [first, ...others]);
      else callback(null, first.address, first.family);
    });
  };
}

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
