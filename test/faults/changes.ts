import axios, { type AxiosInstance } from 'axios';
import { LEASE_MS } from './history.ts';

/** What clients saw of the changes of one record, one after the other: its group. */
export interface Change {
  readonly group: string;
  readonly sequence: number;
  readonly do: 'claim' | 'complete';
  /** Of a completion: the lease that it was sent with; of a claim that acquired: the one that it was given. */
  readonly lease: string | null;
  /** Null where no answer came: it may have happened, or happen yet. */
  readonly said: string | null;
  /** Of a claim that acquired: the end of its lease by the store's clock, which is the machine's. */
  readonly endsAt: number;
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
}

interface Load {
  readonly servers: readonly { readonly baseUrl: string }[];
  readonly apiKey: string;
  readonly clients: number;
  readonly groups: number;
}

/** Clients that are told of the changes of the same records in any order, and complete, abandon or repeat what they get. */
export function startChanges({ servers, apiKey, clients, groups }: Load) {
  const changes: Change[] = [];
  const newest = new Map<number, number>();
  let stopped = false;

  async function client(): Promise<void> {
    const ways = servers.map(({ baseUrl }) =>
      axios.create({
        baseURL: `${baseUrl}/v1/ai`,
        headers: { authorization: `Bearer ${apiKey}` },
        timeout: 10_000,
        proxy: false,
        validateStatus: () => true,
      }),
    );
    let held: Change[] = [];

    async function send(of: Pick<Change, 'group' | 'sequence' | 'do' | 'lease'>): Promise<Change | null> {
      const way = ways[pick(ways.length)];
      if (way === undefined) throw new Error('There is no server to ask.');
      const startedAt = Date.now();
      const answer = await ask(way, of);
      if (answer === 'not sent') return null;
      const change = { ...of, ...answer, startedAt, endedAt: Date.now() };
      changes.push(change);
      return change;
    }

    while (!stopped) {
      const number = pick(groups);
      const last = newest.get(number) ?? 0;
      // A new change, or one of the last few once more.
      const sequence = pick(3) === 0 ? last + 1 : Math.max(1, last - pick(4));
      newest.set(number, Math.max(last, sequence));
      const claimed = await send({ group: `g${String(number)}`, sequence, do: 'claim', lease: null });
      if (claimed?.said === 'acquired') held = [...held.slice(-8), claimed];
      const [old] = held.length > 0 && pick(10) < 3 ? held.splice(pick(held.length), 1) : [];
      if (old === undefined) continue;
      await send({ group: old.group, sequence: old.sequence, do: 'complete', lease: old.lease });
    }
  }

  const work = Promise.all(Array.from({ length: clients }, client));
  return {
    changes,
    async stop(): Promise<readonly Change[]> {
      stopped = true;
      await work;
      return changes;
    },
  };
}

async function ask(way: AxiosInstance, of: Pick<Change, 'group' | 'sequence' | 'do' | 'lease'>) {
  const key = `${of.group}/${String(of.sequence)}`;
  const nothing = { said: null, endsAt: 0 };
  try {
    const { status, data } = await (of.do === 'claim'
      ? way.post<unknown>('/lease', { key, ttl: LEASE_MS / 1_000, group: of.group, sequence: of.sequence })
      : way.post<unknown>('/complete', { key, lease_id: of.lease }));
    if (status >= 500) return nothing;
    const body = data as {
      readonly status?: string;
      readonly lease_id?: string;
      readonly expires_at?: string;
      readonly detail?: { readonly error?: string };
    };
    const said = body.detail?.error ?? body.status ?? '';
    if (said !== 'acquired') return { said, endsAt: 0 };
    return { said, lease: body.lease_id ?? null, endsAt: Date.parse(body.expires_at ?? '') };
  } catch (error) {
    // Where nobody listens nothing was sent; anything else may have arrived.
    return axios.isAxiosError(error) && error.code === 'ECONNREFUSED' ? ('not sent' as const) : nothing;
  }
}

/** Clocks of processes on one machine agree better than this. */
const TOLERANCE_MS = 20;

/** What of the changes contradicts what a group promises, in sentences. Only what is sure by the clients' own clocks counts. */
export function brokenGroups(changes: readonly Change[]): readonly string[] {
  return [...Map.groupBy(changes, ({ group }) => group).values()].flatMap((ofGroup) => {
    const acquired = ofGroup.filter(({ said }) => said === 'acquired');
    const completions = ofGroup.filter((each) => each.do === 'complete');
    const done = completions.filter(({ said }) => said === 'completed');
    const heldUntil = (claim: Change): number =>
      Math.min(
        claim.endsAt - TOLERANCE_MS,
        ...completions.filter(({ lease }) => lease === claim.lease).map(({ startedAt }) => startedAt),
      );
    const broken: string[] = [];
    const tell = (what: string, ...about: readonly Change[]): void => {
      broken.push(`${what}\n  ${about.map((each) => JSON.stringify(each)).join('\n  ')}`);
    };

    for (const claim of ofGroup.filter((each) => each.do === 'claim')) {
      if (claim.said === 'acquired') {
        const holder = acquired.find(
          (other) =>
            other.sequence !== claim.sequence &&
            other.endedAt < claim.startedAt &&
            claim.endedAt < heldUntil(other),
        );
        if (holder) tell('Two runs of one group were at work.', holder, claim);
        const newer = done.find(
          (other) => other.sequence > claim.sequence && other.endedAt < claim.startedAt,
        );
        if (newer) tell('An older change was begun after a newer one was completed.', newer, claim);
      }
      if (claim.said === 'stale') {
        const cause = completions.some(
          (other) => other.sequence > claim.sequence && other.startedAt < claim.endedAt,
        );
        if (!cause) tell('A change was called old, and nobody had completed a newer one.', claim);
      }
    }
    for (const end of done) {
      const own = acquired.find(({ lease }) => lease === end.lease);
      const first = done.find(({ lease }) => lease === end.lease);
      const later =
        first === end &&
        acquired.find(
          (other) =>
            own !== undefined &&
            other.sequence !== end.sequence &&
            other.startedAt > own.endedAt &&
            other.endedAt < end.startedAt,
        );
      const isRetold = completions.some(
        ({ lease, said, startedAt }) => lease === end.lease && said === null && startedAt < end.startedAt,
      );
      if (later && !isRetold) tell('A run completed late, and another had the group since.', later, end);
    }
    return broken;
  });
}

const pick = (count: number): number => Math.floor(Math.random() * count);
