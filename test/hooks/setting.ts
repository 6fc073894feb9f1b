import axios from 'axios';
import { openReceiver, type Receiver } from '../../server/test/receiver.ts';

interface Server {
  readonly baseUrl: string;
  readonly apiKey: string;
}

export interface Logged {
  readonly type: string;
  readonly key: string;
  readonly attempts: number;
  readonly delivered_at: string | null;
  readonly status_code: number | null;
}

/** A real receiver, with a hook that leads to it. */
export interface Hooked extends Receiver {
  readonly secret: string;
  /** Over HTTP. */
  log(): Promise<readonly Logged[]>;
}

export async function call<Answer>(
  { baseUrl, apiKey }: Server,
  method: 'GET' | 'POST',
  path: string,
  data?: object,
): Promise<Answer> {
  const headers = { authorization: `Bearer ${apiKey}` };
  return (await axios.request<Answer>({ url: baseUrl + path, method, data, headers, proxy: false })).data;
}

export async function hookUp(server: Server, ...events: readonly string[]): Promise<Hooked> {
  const receiver = await openReceiver();
  const body = { url: receiver.url, events };
  const { id, secret } = await call<{ id: string; secret: string }>(server, 'POST', '/v1/hooks', body);
  const path = `/v1/hooks/deliveries?limit=500&id=${id}`;
  return {
    ...receiver,
    secret,
    log: async () => (await call<{ items: Logged[] }>(server, 'GET', path)).items,
  };
}
