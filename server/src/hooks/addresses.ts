import ipaddr from 'ipaddr.js';
import type { LookupAddress, LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';

/**
 * All IPv6 addresses that hosts on the internet can have. Addresses that contain an IPv4 address are outside of it, or have a
 * range name of their own.
 */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** Internal services of Azure, for its machines only, although the address looks like one of the internet. */
const AZURE_INTERNAL = '168.63.129.16';

/**
 * Whether an IP address is on the internet, and not of this machine, a private network or a special purpose. Null if the text is
 * not an IP address. All IPv6 forms of IPv4 addresses (mapped, NAT64, 6to4, Teredo) are refused.
 */
export function isPublic(address: string): boolean | null {
  if (!ipaddr.isValid(address)) return null;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== 'unicast' || parsed.toString() === AZURE_INTERNAL) return false;
  return parsed instanceof ipaddr.IPv4 || parsed.match(GLOBAL_UNICAST);
}

/** `dns.lookup` with the option `all`. */
export type Resolve = (
  hostname: string,
  options: LookupAllOptions,
  callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
) => void;

/** The host has no address to which a connection is allowed. */
export class AddressRefused extends Error {
  override readonly name = 'AddressRefused';
}

/**
 * Resolves a name when a socket connects, and returns only addresses of the internet. The socket uses exactly the addresses that
 * were checked, so that a name cannot resolve to something else a moment later (DNS rebinding).
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

/** The host of a URL as a name or an address, without the brackets of IPv6 and the dot at the end. */
export const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '').replace(/\.+$/, '');

/** A sentence that says why a hook cannot have this URL; null if it can. */
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

/** Names that always mean this machine (RFC 6761), and addresses that are not public. Other names are checked at connecting. */
function neverPublic(host: string): boolean {
  return host === 'localhost' || host.endsWith('.localhost') || isPublic(host) === false;
}
