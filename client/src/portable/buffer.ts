/* The part of `node:buffer` that the shared client uses, for runtimes without it. `build.mjs` substitutes this file. */

type Encoding = 'utf8' | 'base64url';

/** Made once: to make one takes longer than to use it. */
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export const Buffer = {
  byteLength: (text: string): number => encoder.encode(text).length,

  from(text: string, encoding: Encoding) {
    const bytes =
      encoding === 'utf8'
        ? encoder.encode(text)
        : Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (each) => each.charCodeAt(0));
    return {
      toString: (as: Encoding): string =>
        as === 'utf8'
          ? decoder.decode(bytes)
          : btoa(String.fromCharCode(...bytes))
              .replaceAll('+', '-')
              .replaceAll('/', '_')
              .replace(/=+$/, ''),
    };
  },
};
