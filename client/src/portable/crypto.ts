import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';

/* What the shared client takes of `node:crypto`, for runtimes that have none; `build.mjs` puts it in its place. */

const sha256Hex = (text: string): string => bytesToHex(sha256(new TextEncoder().encode(text)));

/** Of text, as UTF-8. */
export function createHash(_algorithm: 'sha256') {
  let whole = '';
  const hash = {
    update(text: string, _encoding?: 'utf8') {
      whole += text;
      return hash;
    },
    digest: (_encoding: 'hex'): string => sha256Hex(whole),
  };
  return hash;
}

export const hash = (_algorithm: 'sha256', text: string, _encoding: 'hex'): string => sha256Hex(text);

export const randomUUID = (): string => crypto.randomUUID();
