import { setImmediate as nextTurn } from 'node:timers/promises';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { Link, Script, Value } from './link.ts';

/**
 * The data of the whole store, rather than of one tenant: API keys, and the names of tenants and hooks. In a cluster, a copy is
 * kept in each of eight hash slots, so that the data stay available when a node does not answer.
 */
export interface GlobalKeys {
  /** The prefix of the names in each slot, which is a hash tag. */
  readonly tags: readonly string[];
  /** Writes to all slots; resolves when one write succeeds, and rejects if none does. */
  writeAny(command: string, key: string, ...rest: readonly (string | number)[]): Promise<Value>;
  /** Writes to all slots. If it rejects, some of them may have been written. */
  writeAll(command: string, key: string, ...rest: readonly (string | number)[]): Promise<Value>;
  /** The first answer for which `isFound` holds, or else any answer; rejects if there is none. */
  find(
    command: string,
    key: string,
    rest: readonly string[],
    isFound: (answer: Value) => boolean,
  ): Promise<Value>;
  /** The answers of all slots that answer soon, in order; rejects if none does. */
  askAll(command: string, key: string): Promise<readonly Value[]>;
  /** The same for a script. */
  runAll(script: Script, key: string, args: readonly (string | number)[]): Promise<readonly Value[]>;
}

const SLOTS_IN_A_CLUSTER = 8;
/** How long to wait for the others after the first answer. */
const SOON_MS = 500;
const ASKED_IN_A_TURN = 100;

export function createGlobalKeys(link: Link, prefix: string, isCluster: boolean): GlobalKeys {
  // A prefix cannot contain a percent sign, so these names never collide with those of a tenant.
  const tags = Array.from({ length: isCluster ? SLOTS_IN_A_CLUSTER : 1 }, (_, at) =>
    at === 0 ? `{${prefix}}` : `{${prefix}%${at}}`,
  );
  const ask = (command: string, key: string, rest: readonly (string | number)[]) =>
    tags.map((tag) => link.ask(command, `${tag}:${key}`, ...rest));

  return {
    tags,
    writeAny: (command, key, ...rest) => any(ask(command, key, rest)),
    async writeAll(command, key, ...rest) {
      const [first = null] = await Promise.all(ask(command, key, rest));
      return first;
    },
    async find(command, key, rest, isFound) {
      const asked = ask(command, key, rest);
      const found = asked.map(async (answer) => {
        if (isFound(await answer)) return answer;
        throw new StoreUnavailable('It is not there.');
      });
      return any([...found, soon(asked).then(([first = null]) => first)]);
    },
    askAll: (command, key) => soon(ask(command, key, [])),
    runAll: (script, key, args) => soon(tags.map((tag) => link.run(script, [`${tag}:${key}`], args))),
  };
}

/** The values of the promises that fulfil within `SOON_MS` after the first one, in order. Rejects if none fulfils. */
export async function soon<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  const answers = new Array<T>(promises.length);
  const ends = promises.map((promise, at) => promise.then((answer) => void (answers[at] = answer)));
  await any(ends);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, SOON_MS)));
  await Promise.race([Promise.allSettled(ends), late]);
  clearTimeout(timer);
  // Promises that gave no value left holes, which this removes.
  return Object.values(answers);
}

/**
 * Asks for each item, and answers as `soon` does. Few are asked in one turn of the event loop, so that among thousands of tenants
 * the claims of others are sent in between.
 */
export async function soonOfEach<Item, T>(
  items: readonly Item[],
  ask: (item: Item) => Promise<T>,
): Promise<readonly T[]> {
  const asked: Promise<T>[] = [];
  for (const item of items) {
    if (asked.length > 0 && asked.length % ASKED_IN_A_TURN === 0) await nextTurn();
    const answer = ask(item);
    // It may fail before `soon` handles it.
    answer.catch(() => undefined);
    asked.push(answer);
  }
  return soon(asked);
}

async function any<T>(promises: readonly Promise<T>[]): Promise<T> {
  try {
    return await Promise.any(promises);
  } catch (error) {
    throw error instanceof AggregateError ? (error.errors[0] as Error) : error;
  }
}
