import { StoreUnavailable } from '../../claims/store.ts';
import { createGroupQueue, type GroupQueue } from '../shared/group-queue.ts';
import type { AnswerOf, Reply, Request, RequestOf } from '../shared/requests.ts';
import type { StoreWatch } from '../store.ts';
import { ANSWERS, type Command } from './answers.ts';
import { DEADLINE_MS, TENANT_UNITS, unitsOf } from './calls.ts';
import { unavailable } from './failures.ts';
import type { Link } from './link.ts';
import { COMMANDS } from './lua/commands.ts';
import type { Value } from './reply.ts';
import { script } from './script.ts';
import type { Tenants } from './tenants.ts';

/** Does a command on a single key. */
export type SendCommand = <K extends Command>(
  kind: K,
  fields: Omit<RequestOf<K>, 'kind'>,
) => Promise<AnswerOf<K>>;

/** How much one script does, so that Redis is never busy for long: commands, and characters that they send. */
const COMMANDS_A_SCRIPT = 100;
const CHARACTERS_A_SCRIPT = 512 * 1024;

/** Redis works on one group while this server makes the next. */
const GROUPS_AHEAD = 2;

const commands = script(COMMANDS);

/** A tenant's queue, and the calls that wait for an answer of it. */
interface Lane {
  readonly queue: GroupQueue;
  calls: number;
  units: number;
}

/**
 * What one tenant asks for at about the same time shares a script, and so a turn of Redis and its sync: what arrives
 * while the tenant's groups are at work makes up the next one. No tenant waits for another.
 */
export function createGroups(link: Link, tenants: Tenants, watch: StoreWatch | undefined): SendCommand {
  // Of the tenants that wait for something now.
  const lanes = new Map<string, Lane>();

  function laneOf(tenant: string): Lane {
    const run = async (requests: readonly Request[]): Promise<() => Reply[]> => {
      const replies = await Promise.all(parted(requests).map((part) => runPart(tenant, part)));
      return () => replies.flatMap((read) => read());
    };
    // What its caller was told was not done is not sent any more.
    return {
      queue: createGroupQueue({ run, ahead: GROUPS_AHEAD, patienceMs: DEADLINE_MS }),
      calls: 0,
      units: 0,
    };
  }

  async function runPart(tenant: string, { requests, texts }: Part): Promise<() => Reply[]> {
    watch?.grouped(requests.length);
    try {
      const answer = await tenants.runAccepted(tenant, commands, `[${texts.join(',')}]`);
      return () => repliesOf(requests, answer as readonly [number, readonly Answer[]]);
    } catch (error) {
      const reply = { unavailable: unavailable(error).message };
      return () => requests.map(() => reply);
    }
  }

  return async (kind, fields) => {
    const { tenant } = fields;
    const lane = lanes.get(tenant) ?? laneOf(tenant);
    const characters = charactersOf(fields);
    const units = unitsOf(characters);
    if (lane.units + units > TENANT_UNITS)
      throw new StoreUnavailable('The store has more to do than it can keep up with.');
    lanes.set(tenant, lane);
    lane.calls += 1;
    lane.units += units;
    try {
      return await link.accept(characters, () => lane.queue.send(kind, fields));
    } finally {
      lane.calls -= 1;
      lane.units -= units;
      if (lane.calls === 0) lanes.delete(tenant);
    }
  };
}

/** What one script does, each command with its JSON. */
interface Part {
  readonly requests: readonly Request[];
  readonly texts: readonly string[];
}

type Answer = readonly [outcome: string, ...rest: Value[]];

function parted(requests: readonly Request[]): readonly Part[] {
  const parts: { requests: Request[]; texts: string[] }[] = [];
  let characters = Infinity;
  for (const request of requests) {
    const text = textOf(request);
    let part = parts.at(-1);
    if (
      part === undefined ||
      part.texts.length === COMMANDS_A_SCRIPT ||
      characters + text.length > CHARACTERS_A_SCRIPT
    ) {
      parts.push((part = { requests: [], texts: [] }));
      characters = 0;
    }
    part.requests.push(request);
    part.texts.push(text);
    characters += text.length;
  }
  return parts;
}

/** Without what is null, which Lua would take for something. */
function textOf(request: Request): string {
  const command: Record<string, unknown> = { ...request };
  for (const name in command) if (command[name] === null) command[name] = undefined;
  return JSON.stringify(command);
}

function repliesOf(
  requests: readonly Request[],
  [now, answers]: readonly [number, readonly Answer[]],
): Reply[] {
  return requests.map(({ kind }, index) => {
    const answer = answers[index] ?? ['unavailable', ''];
    if (answer[0] === 'unavailable') return { unavailable: unavailable(answer[1]).message };
    return { answer: ANSWERS[kind as Command](answer, now) };
  });
}

const charactersOf = (fields: object): number =>
  'result' in fields && typeof fields.result === 'string' ? fields.result.length : 0;
