import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Client } from './connection.ts';
import { unavailable } from './failures.ts';

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

/** What Redis answers: text, whole numbers, nothing, an error in a list, and lists of those. */
export type Value = string | number | null | Error | readonly Value[];

/**
 * What the store asks of Redis. What is sent does not wait for what was sent before. Every call rejects with a
 * `StoreUnavailable` within five seconds where there is no answer; it is a `NoAnswer` where it may have been done.
 *
 * An answer follows the commit of all that it saw: with `appendfsync always`, Redis writes and syncs its file after
 * each turn of its event loop, and only then sends the answers of that turn. A script that reads what another one of
 * the same turn wrote is answered after that same sync; one of a later turn sees only what was synced before. So
 * nothing needs WAITAOF; with `everysec` it would cost a second an answer.
 */
export interface Link {
  /** Runs a script on keys of one hash slot. */
  run(script: Script, keys: readonly string[], args?: readonly (string | number)[]): Promise<Value>;
  /** A plain command, whose first argument is its key. */
  ask(command: string, key: string, ...rest: readonly (string | number)[]): Promise<Value>;
  /** Waits for what is under way, then lets go. */
  close(): Promise<void>;
}

export function createLink(client: Client): Link {
  let underWay = 0;
  let idle: (() => void) | undefined;

  async function send(command: string, ...rest: readonly (string | number)[]): Promise<Value> {
    underWay += 1;
    try {
      return (await client.redis.call(command, ...rest)) as Value;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('NOSCRIPT')) throw error;
      throw unavailable(error, client.lastError());
    } finally {
      underWay -= 1;
      if (underWay === 0) idle?.();
    }
  }

  return {
    async run({ sha, text }, keys, args = []) {
      try {
        return await send('EVALSHA', sha, keys.length, ...keys, ...args);
      } catch (error) {
        // Redis has forgotten its scripts after a restart, a failover or SCRIPT FLUSH; it has then done nothing.
        if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
        return send('EVAL', text, keys.length, ...keys, ...args);
      }
    },
    ask: (command, key, ...rest) => send(command, key, ...rest),
    async close() {
      if (underWay > 0) await new Promise<void>((resolve) => (idle = resolve));
      client.disconnect();
    },
  };
}
