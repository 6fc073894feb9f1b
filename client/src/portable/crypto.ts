import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/* The part of `node:crypto` that the shared client uses, for runtimes without it. `build.mjs` substitutes this file. */

const encoder = new TextEncoder();
const sha256Hex = (text: string): string => bytesToHex(sha256(encoder.encode(text)));

interface Hash {
  update(text: string, encoding?: 'utf8'): Hash;
  digest(encoding: 'hex'): string;
}

/** Hashes text as UTF-8. */
export const createHash: (algorithm: 'sha256') => Hash = () => {
  let whole = '';
  const hash: Hash = {
    update(text) {
      whole += text;
      return hash;
    },
    digest: () => sha256Hex(whole),
  };
  return hash;
};

export const hash: (algorithm: 'sha256', text: string, encoding: 'hex') => string = (_, text) =>
  sha256Hex(text);

export const randomUUID = (): string => crypto.randomUUID();
