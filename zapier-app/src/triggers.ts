import { sampleOf, type Hooks, type Trigger } from '@onceonly/shared';
import type { Bundle, Trigger as ZapierTrigger, ZObject } from 'zapier-platform-core';
import { openHooks } from './open-client.ts';
import { readReceived } from './hook-delivery.ts';
import { faultOfTest } from './end-of-run.ts';
import { inputFields } from './fields.ts';
import { outputFields } from './outputs.ts';

/** As many as Zapier's editor shows. */
const SHOWN = 3;

/** A trigger as Zapier's REST hook: told at once while the Zap is on, and listed while it is built. */
export function triggerOf(trigger: Trigger): ZapierTrigger {
  const { id, label, description } = trigger;
  return {
    key: id,
    noun: 'Event',
    display: { label, description },
    operation: {
      type: 'hook',
      inputFields: inputFields(trigger),
      outputFields: outputFields(trigger),
      sample: sampleOf(trigger),
      perform: (z, bundle) => readReceived(z.errors, trigger, bundle),
      performList: watched(async (hooks, { inputData }) => [
        ...(await hooks.recent(trigger, inputData, SHOWN)),
      ]),
      performSubscribe: watched((hooks, { inputData, targetUrl = '' }) =>
        hooks.subscribe(trigger, targetUrl, inputData),
      ),
      performUnsubscribe: watched(async (hooks, { subscribeData }) => {
        // There is none where the Zap could not be turned on.
        if (subscribeData?.id !== undefined) await hooks.unsubscribe(subscribeData.id);
        return {};
      }),
    },
  };
}

/** A person builds the Zap, or turns it on or off, just now: a fault is a sentence. */
const watched =
  <T>(act: (hooks: Hooks, bundle: Bundle) => Promise<T>) =>
  async (z: ZObject, bundle: Bundle): Promise<T> => {
    try {
      return await act(openHooks(z, bundle), bundle);
    } catch (error) {
      throw faultOfTest(z.errors, error);
    }
  };
