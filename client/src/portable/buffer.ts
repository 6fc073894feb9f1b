/* The part of `node:buffer` that the shared client uses, for runtimes without it. `build.mjs` substitutes this file. */

type Encoding = 'utf8' | 'base64url';

export const Buffer = {
  byteLength: (text: string): number => new TextEncoder().encode(text).length,

  from(text: string, encoding: Encoding) {
    const bytes =
      encoding === 'utf8'
        ? new TextEncoder().encode(text)
        : Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
    return {
      toString: (as: Encoding): string =>
        as === 'utf8'
          ? new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes)
          : btoa(String.fromCharCode(...bytes))
              .replaceAll('+', '-')
              .replaceAll('/', '_')
              .replace(/=+$/, ''),
    };
  },
};
