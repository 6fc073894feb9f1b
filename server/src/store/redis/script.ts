import { hash } from 'node:crypto';

/** A Lua script, which Redis keeps by the SHA-1 of its text until it is restarted. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

export function script(text: string): Script {
  return { text, sha: hash('sha1', text, 'hex') };
}
