import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { Link, Script, Value } from './link.ts';

/**
 * What is of the whole store and no tenant's: API keys, and the names of tenants and of hooks. In a cluster it is kept in
 * eight hash slots, so that a node that gives no answer takes none of it along.
 */
export interface Places {
  /** What begins the names in each place. */
  readonly tags: readonly string[];
  /** Writes it wherever that is possible; rejects where it is possible nowhere. */
  writeAny(command: string, key: string, ...rest: readonly (string | number)[]): Promise<Value>;
  /** Writes it everywhere, or rejects: it may have been written in some places. */
  writeAll(command: string, key: string, ...rest: readonly (string | number)[]): Promise<Value>;
  /** The first answer that `isFound`, else any; rejects where there is none. */
  find(
    command: string,
    key: string,
    rest: readonly string[],
    isFound: (answer: Value) => boolean,
  ): Promise<Value>;
  /** The answers of all places that answer soon, in order; rejects where none does. */
  askAll(command: string, key: string): Promise<readonly Value[]>;
  /** The same of a script. */
  runAll(script: Script, key: string, args: readonly (string | number)[]): Promise<readonly Value[]>;
}

const IN_A_CLUSTER = 8;
/** Once one has answered, the others are waited for so long. */
const SOON_MS = 500;

export function createPlaces(link: Link, prefix: string, isCluster: boolean): Places {
  // A percent sign is in no prefix, so that no tenant's keys are called so.
  const tags = Array.from({ length: isCluster ? IN_A_CLUSTER : 1 }, (_, at) =>
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

/** What those come to, in order, that settle soon after the first of them did. Rejects where none of them fulfils. */
export async function soon<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  const answers = new Array<T>(promises.length);
  const ends = promises.map((promise, at) => promise.then((answer) => void (answers[at] = answer)));
  await any(ends);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, SOON_MS)));
  await Promise.race([Promise.allSettled(ends), late]);
  clearTimeout(timer);
  // Where there was no answer, nothing is.
  return Object.values(answers);
}

async function any<T>(promises: readonly Promise<T>[]): Promise<T> {
  try {
    return await Promise.any(promises);
  } catch (error) {
    throw error instanceof AggregateError ? (error.errors[0] as Error) : error;
  }
}
