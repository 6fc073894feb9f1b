import type { LookupAddress, LookupAllOptions } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { isPublic } from './addresses.ts';

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
