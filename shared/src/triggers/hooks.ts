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

/** What a platform remembers of a hook: the id, with which it is removed, and the secret that signs its deliveries. */
export interface Subscription {
  readonly id: string;
  readonly secret: string;
}

/** Subscribes triggers to their events. All methods throw a OnceOnlyError: `no_hooks` if the service has no events. */
export interface Hooks {
  /** Sends the trigger's events to the URL from now on. The URL must be this subscription's own. */
  subscribe(trigger: Trigger, url: string, given: Given): Promise<Subscription>;
  /** Whether the hook still sends to this URL. */
  isSubscribed(id: string, url: string): Promise<boolean>;
  /** Removes a hook. It may already be gone. */
  unsubscribe(id: string): Promise<void>;
  /** The recent events, newest first. */
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

  /** Starts a call, whose requests share one deadline. */
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
   * Removes hooks that an earlier subscription to the same URL left behind: its answer was lost, or the platform was killed, so
   * nobody knows their secrets.
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

/** The items of a list. Throws if the list is missing, since an empty one would be wrong. */
function itemsOf({ items }: JsonObject): readonly JsonObject[] {
  if (Array.isArray(items) && (items as unknown[]).every(isObject)) return items as readonly JsonObject[];
  throw new OnceOnlyError('unexpected_answer');
}
