import { Agent } from 'node:http';
import axios, { type AxiosInstance } from 'axios';
import { LEASE_MS, type Answer, type Call, type Operation } from './history.ts';

export interface Load {
  readonly servers: readonly { readonly baseUrl: string }[];
  readonly apiKey: string;
  readonly clients: number;
  /** At work at the same time; one that is done for good makes place for a new one. */
  readonly keys: number;
  /** How long a client waits for an answer; then nothing is known of the call. */
  readonly timeoutMs?: number;
}

export interface Clients {
  /** What was seen so far. */
  readonly operations: readonly Operation[];
  /** Sends nothing new; resolves once every call under way has ended. */
  stop(): Promise<readonly Operation[]>;
}

/** A key that was seen to be completed so often is left alone: nothing more can happen to it. */
const SEEN_COMPLETED = 4;

/** Clients that claim the same keys, and complete, fail, give up, prolong or abandon what they get, without a rest. */
export function startClients({ servers, apiKey, clients, keys, timeoutMs = 10_000 }: Load): Clients {
  const operations: Operation[] = [];
  const completed = new Map<number, number>();
  let stopped = false;

  const keyOf = (slot: number): string =>
    `k${slot}/${Math.floor((completed.get(slot) ?? 0) / SEEN_COMPLETED)}`;

  async function client(): Promise<void> {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ways = servers.map(({ baseUrl }) =>
      axios.create({
        baseURL: `${baseUrl}/v1/ai`,
        headers: { authorization: `Bearer ${apiKey}` },
        timeout: timeoutMs,
        httpAgent: agent,
        proxy: false,
        validateStatus: () => true,
      }),
    );
    /** Leases that this client once held, by key: their late ends come too. */
    let held: { key: string; lease: string }[] = [];

    async function send(key: string, call: Call): Promise<Answer | null> {
      const way = ways[pick(ways.length)];
      if (way === undefined) throw new Error('There is no server to ask.');
      const startedAt = Date.now();
      const { arrived, answer } = await ask(way, key, call);
      if (arrived) operations.push({ key, call, answer, startedAt, endedAt: Date.now() });
      return answer;
    }

    while (!stopped) {
      const slot = pick(keys);
      const key = keyOf(slot);
      const answer = await send(key, { do: Math.random() < 0.1 ? 'read' : 'claim' });
      if (answer?.said === 'completed') completed.set(slot, (completed.get(slot) ?? 0) + 1);
      if (answer?.said === 'acquired') held = [...held.slice(-8), { key, lease: answer.lease }];
      const [old] = held.length > 0 && Math.random() < 0.7 ? held.splice(pick(held.length), 1) : [];
      if (old === undefined) continue;
      const how = (['complete', 'fail', 'fail', 'cancel', 'extend', 'abandon'] as const)[pick(6)];
      if (how === 'abandon' || how === undefined) continue;
      await send(old.key, { do: how, lease: old.lease });
      // Once more, so that its end is seen from its own side as well.
      if (Math.random() < 0.3) await send(old.key, { do: how, lease: old.lease });
    }
    agent.destroy();
  }

  const work = Promise.all(Array.from({ length: clients }, client));
  return {
    operations,
    async stop() {
      stopped = true;
      await work;
      return operations;
    },
  };
}

async function ask(
  way: AxiosInstance,
  key: string,
  call: Call,
): Promise<{ arrived: boolean; answer: Answer | null }> {
  try {
    const { status, data } = await sendCall(way, key, call);
    return { arrived: true, answer: status >= 500 ? null : readAnswer(call, status, data) };
  } catch (error) {
    // Where nobody listens nothing was sent; anything else may have arrived.
    const refused = axios.isAxiosError(error) && error.code === 'ECONNREFUSED';
    return { arrived: !refused, answer: null };
  }
}

function sendCall(way: AxiosInstance, key: string, call: Call) {
  const ttl = LEASE_MS / 1_000;
  switch (call.do) {
    case 'read':
      return way.get<unknown>('/status', { params: { key } });
    case 'claim':
      return way.post<unknown>('/lease', { key, ttl });
    case 'fail':
      return way.post<unknown>('/fail', { key, lease_id: call.lease, error_code: 'tried', retryable: true });
    default:
      return way.post<unknown>(`/${call.do}`, { key, lease_id: call.lease });
  }
}

interface Body {
  readonly status: 'acquired' | 'in_progress' | 'completed' | 'failed';
  readonly lease_id: string;
  readonly fence: number;
  readonly attempt: number;
  readonly expires_at: string;
  readonly detail: { readonly error: 'lease_lost' | 'already_finished' | 'not_found' };
}

function readAnswer(call: Call, status: number, data: unknown): Answer {
  const body = data as Body;
  if (status !== 200) {
    if ([404, 409].includes(status)) return { said: body.detail.error };
    throw new Error(`Nobody asked for this: HTTP ${status}, ${JSON.stringify(data)}`);
  }
  const endsAt = Date.parse(body.expires_at);
  if (call.do === 'extend') return { said: 'extended', endsAt };
  if ('lease' in call) return { said: 'done' };
  const { fence, attempt } = body;
  return body.status === 'acquired'
    ? { said: 'acquired', lease: body.lease_id, fence, attempt, endsAt }
    : { said: body.status, fence };
}

const pick = (count: number): number => Math.floor(Math.random() * count);
