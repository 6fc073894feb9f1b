import { createCalls } from './calls.ts';
import type { Client } from './client.ts';
import { unavailable } from './failures.ts';
import type { Value } from './reply.ts';
import type { Script } from './script.ts';

/**
 * What the store asks of Redis. What is sent does not wait for what was sent before: a tenant's groups (`groups.ts`)
 * alone follow one another. Every call rejects with a `StoreUnavailable` within five seconds where there is no answer.
 *
 * An answer follows the commit of all that it saw: with `appendfsync always`, Redis writes and syncs its file after
 * each turn of its event loop, and only then sends the answers of that turn. A script that reads what another one of
 * the same turn wrote is answered after that same sync; one of a later turn sees only what was synced before. So
 * nothing needs WAITAOF; with `everysec` it would cost a second an answer.
 */
export interface Link {
  /** Runs a script on keys of one hash slot. */
  run(script: Script, keys: readonly string[], command: object): Promise<Value>;
  /** Takes on a call that shares a script with others. */
  accept<T>(characters: number, send: () => Promise<T>): Promise<T>;
  /** Runs a script for calls that were accepted. */
  runAccepted(script: Script, keys: readonly string[], ...args: readonly string[]): Promise<Value>;
  /** A plain command, whose first argument is its key. */
  ask(command: string, key: string, ...rest: readonly (string | number)[]): Promise<Value>;
  /** How many calls are under way. */
  readonly pending: () => number;
  /** Answers what was accepted, then lets go. May be called again. */
  close(): Promise<void>;
}

export function createLink(client: Client): Link {
  const calls = createCalls(() => {
    client.reconnect();
  });
  let closing: Promise<void> | undefined;

  async function send(command: string, ...rest: readonly (string | number)[]): Promise<Value> {
    try {
      return (await client.redis.call(command, ...rest)) as Value;
    } catch (error) {
      if (error instanceof Error && error.message.startsWith('NOSCRIPT')) throw error;
      throw unavailable(error, client.lastError());
    }
  }

  /** Redis has forgotten its scripts after a restart, a failover or SCRIPT FLUSH; it has then done nothing. */
  async function evaluate(
    { sha, text }: Script,
    keys: readonly string[],
    ...args: readonly string[]
  ): Promise<Value> {
    try {
      return await send('EVALSHA', sha, keys.length, ...keys, ...args);
    } catch (error) {
      if (!(error instanceof Error && error.message.startsWith('NOSCRIPT'))) throw error;
      return send('EVAL', text, keys.length, ...keys, ...args);
    }
  }

  async function end(): Promise<void> {
    await calls.end();
    client.disconnect();
  }

  return {
    run(script, keys, command) {
      const argument = JSON.stringify(command);
      return calls.track(argument.length, () => evaluate(script, keys, argument));
    },
    accept: (characters, begin) => calls.track(characters, begin),
    runAccepted: evaluate,
    ask: (command, key, ...rest) => calls.track(0, () => send(command, key, ...rest)),
    pending: calls.pending,
    close: () => (closing ??= end()),
  };
}
