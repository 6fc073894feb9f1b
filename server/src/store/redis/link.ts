import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Client } from './connection.ts';
import { unavailable } from './failures.ts';

/** A Lua script. Redis caches it by the SHA-1 of its text until it restarts. */
export interface Script {
  readonly text: string;
  readonly sha: string;
}

/** The folder is next to this file, and next to a bundle. */
const FOLDER = new URL('./lua/', import.meta.url);

/** Reads `lua/NAME.lua`. A comment in it describes its `KEYS` and `ARGV`. */
export function script(name: string): Script {
  const text = readFileSync(new URL(`${name}.lua`, FOLDER), 'utf8');
  return { text, sha: hash('sha1', text, 'hex') };
}

/** An answer of Redis: text, an integer, nothing, an error within a list, or a list of these. */
export type Value = string | number | null | Error | readonly Value[];

/**
 * Sends commands to Redis. Calls do not wait for each other. A call without an answer rejects with a `StoreUnavailable` within five
 * seconds. It is a `NoAnswer` if the command may have been executed.
 *
 * Every answer is sent after everything that it depends on is on the disk. With `appendfsync always`, Redis writes and syncs its
 * file after each turn of its event loop, and only then sends the answers of that turn. A script that reads what another one wrote
 * in the same turn is answered after the same sync, and a script of a later turn sees only data that were synced earlier. So
 * WAITAOF is not needed. With `everysec` it would delay each answer by up to a second.
 */
export interface Link {
  /** Runs a script. Its keys must be in one hash slot. */
  run(script: Script, keys: readonly string[], args?: readonly (string | number)[]): Promise<Value>;
  /** Runs a command whose first argument is its key. */
  ask(command: string, key: string, ...rest: readonly (string | number)[]): Promise<Value>;
  /** Waits for open calls, and then disconnects. */
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
        // After a restart, a failover or SCRIPT FLUSH, Redis does not know the script. Nothing was executed then.
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
