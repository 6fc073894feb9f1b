import ipaddr from 'ipaddr.js';

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
