import { createCapabilities } from '../client/capabilities.ts';
import type { ClientOptions } from '../client/client.ts';
import { createSender, type Sent, type Wire } from '../client/send.ts';
import { OnceOnlyError } from '../errors.ts';
import { checkKey, type Inputs, readInputs } from '../inputs.ts';
import { isObject, type JsonObject } from '../json.ts';
import type { Transport } from '../transport.ts';
import { readEvent, type TriggerOutputs } from './read-event.ts';
import type { Trigger } from './trigger.ts';

type Given = Readonly<Record<string, unknown>>;

/** A hook as it is remembered: what ends it, and what its deliveries are signed with. */
export interface Subscription {
  readonly id: string;
  readonly secret: string;
}

/** How a trigger hears of its events. All throw a OnceOnlyError; `no_hooks` where the service tells no events. */
export interface Hooks {
  /** Has the trigger's events sent to the URL, which nobody else has, from now on. */
  subscribe(trigger: Trigger, url: string, given: Given): Promise<Subscription>;
  /** Whether the hook still sends to that URL. */
  isSubscribed(id: string, url: string): Promise<boolean>;
  /** Ends a hook, or finds that it has ended already. */
  unsubscribe(id: string): Promise<void>;
  /** What happened lately, the newest first. */
  recent(trigger: Trigger, given: Given, limit: number): Promise<readonly TriggerOutputs[]>;
}

const PATH = '/v1/hooks';

export function createHooks(
  transport: Transport,
  {
    platform,
    sleep,
    deadlineMs = 25_000,
    now = Date.now,
    random = Math.random,
  }: Omit<ClientOptions, 'newId'>,
): Hooks {
  const sender = createSender(transport, { now, sleep, random });
  const capabilities = createCapabilities(sender);

  /** Sends requests that share one deadline. */
  function startCall() {
    const deadlineAt = now() + deadlineMs;
    return {
      send: (wire: Wire): Promise<Sent> => sender(() => wire, deadlineAt),
      needHooks: async (): Promise<void> => {
        if (!(await capabilities.has('hooks', deadlineAt))) throw new OnceOnlyError('no_hooks');
      },
    };
  }
  type Call = ReturnType<typeof startCall>;

  function read(trigger: Trigger, given: Given): Inputs {
    const inputs = readInputs(trigger, given, platform);
    checkKey(inputs);
    return inputs;
  }

  const remove = async ({ send }: Call, id: string): Promise<void> => {
    const { answer } = await send({ method: 'DELETE', path: PATH, query: { id } });
    if (answer['status'] !== 'removed' && answer['status'] !== 'not_found')
      throw new OnceOnlyError('unexpected_answer');
  };

  /**
   * Whoever subscribed before and could not keep the answer, since it was lost, or its platform was killed, left a hook
   * whose secret nobody knows.
   */
  async function removeTwins(call: Call, kept: string, { event }: Trigger, url: string): Promise<void> {
    const { answer } = await call.send({ method: 'GET', path: PATH });
    const twins = itemsOf(answer).filter(
      (hook) => hook['url'] === url && hook['id'] !== kept && isOf(hook, event),
    );
    for (const { id } of twins) if (typeof id === 'string') await remove(call, id);
  }

  return {
    subscribe: async (trigger, url, given) => {
      const { job } = read(trigger, given);
      const call = startCall();
      await call.needHooks();
      const body = { url, events: [trigger.event], ...(typeof job === 'string' && { job }) };
      const { answer } = await call.send({ method: 'POST', path: PATH, body });
      if (answer['status'] === 'too_many_hooks') throw new OnceOnlyError('too_many_hooks');
      const { id, secret } = answer;
      if (typeof id !== 'string' || typeof secret !== 'string') throw new OnceOnlyError('unexpected_answer');
      await removeTwins(call, id, trigger, url);
      return { id, secret };
    },

    isSubscribed: async (id, url) => {
      const { send, needHooks } = startCall();
      await needHooks();
      const { answer } = await send({ method: 'GET', path: PATH });
      return itemsOf(answer).some(
        (hook) => hook['id'] === id && hook['url'] === url && hook['disabled_at'] === null,
      );
    },

    unsubscribe: (id) => remove(startCall(), id),

    recent: async (trigger, given, limit) => {
      const { job } = read(trigger, given);
      const { send, needHooks } = startCall();
      await needHooks();
      const query = {
        type: trigger.event,
        limit: String(limit),
        ...(typeof job === 'string' && { job }),
      };
      const { answer } = await send({ method: 'GET', path: '/v1/events', query });
      const events = itemsOf(answer);
      if (events.some(({ type }) => type !== trigger.event)) throw new OnceOnlyError('unexpected_answer');
      return events.map((event) => readEvent(trigger, event));
    },
  };
}

const isOf = ({ events }: JsonObject, event: string): boolean =>
  Array.isArray(events) && events.length === 1 && events[0] === event;

/** The list that the service promises: without it, nobody knows what there is. */
function itemsOf({ items }: JsonObject): readonly JsonObject[] {
  if (Array.isArray(items) && (items as unknown[]).every(isObject)) return items as readonly JsonObject[];
  throw new OnceOnlyError('unexpected_answer');
}
