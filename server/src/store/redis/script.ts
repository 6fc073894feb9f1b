import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** A Lua script, which Redis keeps by the SHA-1 of its text until it is restarted. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** Beside this file, and beside a bundle. */
const FOLDER = new URL('./lua/', import.meta.url);

/** `lua/NAME.lua`: each says which `KEYS` and `ARGV` it takes. */
export function script(name: string): Script {
  const text = readFileSync(new URL(`${name}.lua`, FOLDER), 'utf8');
  return { text, sha: hash('sha1', text, 'hex') };
}
