import { setTimeout as pause } from 'node:timers/promises';
import type { Contender } from './contenders.ts';
import { between, CORES, takenByOthers, timeOfCores, timesOf, type Times } from './processor.ts';

/** What a contender did in one slice. */
export interface Slice {
  /** Claims. */
  readonly perSecond: number;
  /** Microseconds of processor time a claim, of the server's own process. */
  readonly serverUs: number;
  /** The store's process and the server's. */
  readonly sumUs: number;
  /** The part of all cores' time that others took: neither of them, nor the generator. */
  readonly others: number;
}

/** A slice beside the mean of the floor's slices right before and after it. */
export interface Sample extends Slice {
  readonly floor: Slice;
  /** Whether all three slices had the machine for themselves. */
  readonly isQuiet: boolean;
}

/** What was measured in one round, by the contender's name. */
export type Round = ReadonlyMap<string, Sample>;

const SLICE_MS = 250;
/** Others on the machine get on meanwhile. */
const REST_MS = 100;
/** Where others have more of the machine, who waits for a disk or a thread loses more by it than the floor, which never waits. */
const OTHERS_AT_MOST = 0.08;

/**
 * Each of them once, in random order, each between two slices of the floor.
 * @param alone the floor of those that have one connection.
 */
export async function measureRound(
  contenders: readonly Contender[],
  { floor, alone }: { floor: Contender; alone: Contender },
  random: () => number,
): Promise<Round> {
  const round = new Map<string, Sample>();
  let last: { readonly of: Contender; readonly slice: Slice } | undefined;
  for (const contender of shuffled(contenders, random)) {
    const of = contender.load.connections === 1 ? alone : floor;
    const before = last?.of === of ? last.slice : await measureSlice(of);
    const slice = await measureSlice(contender);
    const after = await measureSlice(of);
    last = { of, slice: after };
    const others = Math.max(before.others, slice.others, after.others);
    round.set(contender.name, {
      ...slice,
      ...{ floor: meanOf(before, after), isQuiet: others <= OTHERS_AT_MOST },
    });
  }
  return round;
}

export async function measureSlice({ generator, pid, storePid, load, claims }: Contender): Promise<Slice> {
  const none: Times = new Map();
  const read = () => ({
    server: timesOf(pid),
    store: storePid === undefined ? none : timesOf(storePid),
    sender: timesOf(generator.pid),
    cores: timeOfCores(),
    at: performance.now(),
  });
  const before = read();
  const sentBefore = generator.sent();
  const startedAt = performance.now();
  generator.go();
  await pause(SLICE_MS);
  const seconds = (performance.now() - startedAt) / 1_000;
  // Those that are under way are not answered yet.
  const answered = generator.sent() - sentBefore - load.connections;
  generator.rest();
  await untilQuiet([pid, ...(storePid === undefined ? [] : [storePid])]);
  const after = read();
  const requests = generator.sent() - sentBefore;
  const [server, store, sender] = [
    between(before.server, after.server),
    between(before.store, after.store),
    between(before.sender, after.sender),
  ];
  const all = (after.at - before.at) * 1e6 * CORES;
  await pause(REST_MS);
  return {
    perSecond: (answered * claims) / seconds,
    serverUs: server / 1_000 / requests / claims,
    sumUs: (server + store) / 1_000 / requests / claims,
    others: takenByOthers(before.cores, after.cores, { all, ours: server + store + sender }) / all,
  };
}

/** Until all that was sent is answered and written: then they have next to nothing to do. */
async function untilQuiet(pids: readonly number[]): Promise<void> {
  const LOOK_MS = 8;
  const spent = (): number => pids.reduce((sum, pid) => sum + between(new Map(), timesOf(pid)), 0);
  let quiet = 0;
  let last = spent();
  for (const until = performance.now() + 500; quiet < 2 && performance.now() < until;) {
    await pause(LOOK_MS);
    const now = spent();
    quiet = now - last < LOOK_MS * 1e6 * 0.1 ? quiet + 1 : 0;
    last = now;
  }
}

const meanOf = (a: Slice, b: Slice): Slice => ({
  perSecond: (a.perSecond + b.perSecond) / 2,
  serverUs: (a.serverUs + b.serverUs) / 2,
  sumUs: (a.sumUs + b.sumUs) / 2,
  others: Math.max(a.others, b.others),
});

function shuffled<T>(values: readonly T[], random: () => number): readonly T[] {
  const left = [...values];
  return values.map(() => left.splice(Math.floor(random() * left.length), 1)[0] as T);
}
