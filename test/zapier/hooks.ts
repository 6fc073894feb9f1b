import axios from 'axios';
import type { SubscribeData, ZapierTrigger } from '../platforms/zapier-trigger.ts';
import type { World } from '../world.ts';

interface Hook {
  readonly id: string;
  readonly url: string;
  readonly events: readonly string[];
  readonly job: string | null;
}

/** The hooks that the server has. */
export async function hooksOf({ baseUrl, operatorKey }: World): Promise<readonly Hook[]> {
  const headers = { authorization: `Bearer ${operatorKey}` };
  const { data } = await axios.get<{ items: Hook[] }>(`${baseUrl}/v1/hooks`, { headers, proxy: false });
  return data.items;
}

/** Turns a Zap on; throws where that is refused. */
export async function subscribedBy(trigger: ZapierTrigger, targetUrl: string): Promise<SubscribeData> {
  const answer = await trigger.subscribe(targetUrl);
  if ('error' in answer) throw new Error(JSON.stringify(answer));
  return answer.subscribed;
}
