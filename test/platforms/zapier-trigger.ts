import type { TriggerId } from '@onceonly/shared';
import type { RawRequest } from './zapier-hook.ts';
import type { Zapier, ZapierError } from './zapier.ts';

type Given = Readonly<Record<string, unknown>>;
type Events = { readonly events: readonly Given[] } | { readonly error: ZapierError };

/** What a Zap keeps of its subscription. */
export interface SubscribeData {
  readonly id: string;
  readonly secret: string;
}

/** A trigger of the built app in one Zap, as Zapier uses it. */
export interface ZapierTrigger {
  /** While the Zap is built: what there is to choose a sample from. */
  list(): Promise<Events>;
  /** The Zap is turned on. */
  subscribe(
    targetUrl: string,
  ): Promise<{ readonly subscribed: SubscribeData } | { readonly error: ZapierError }>;
  /** The Zap is turned off. */
  unsubscribe(subscribeData: Partial<SubscribeData>): Promise<{ readonly error: ZapierError } | object>;
  /** The hook's URL received something. */
  perform(rawRequest: RawRequest, subscribeData: Partial<SubscribeData>): Promise<Events>;
}

export function openTrigger(zapier: Zapier, id: TriggerId, inputData: Given = {}): ZapierTrigger {
  const call = (method: string, also = {}): ReturnType<Zapier['attempt']> =>
    zapier.attempt(`triggers.${id}.operation.${method}`, inputData, also);
  const events = async (calling: ReturnType<Zapier['attempt']>): Promise<Events> => {
    const called = await calling;
    return 'error' in called ? called : { events: called.results as readonly Given[] };
  };
  return {
    list: () => events(call('performList', { meta: { isLoadingSample: true } })),
    subscribe: async (targetUrl) => {
      const called = await call('performSubscribe', { targetUrl });
      return 'error' in called ? called : { subscribed: called.results as SubscribeData };
    },
    unsubscribe: (subscribeData) => call('performUnsubscribe', { subscribeData }),
    perform: (rawRequest, subscribeData) =>
      events(call('perform', { rawRequest, cleanedRequest: cleaned(rawRequest), subscribeData })),
  };
}

/** Zapier parses what it can. */
function cleaned({ content }: RawRequest): unknown {
  try {
    return JSON.parse(content);
  } catch {
    return content;
  }
}
