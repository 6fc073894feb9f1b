import { deriveKeys, type Derived, type DeriveOptions, type GivenDelivery } from '@onceonly/shared';
import { deliverTogether, events as hubspotEvents } from './senders/hubspot.ts';
import { senders } from './senders/index.ts';
import type { Sender } from './senders/sender.ts';

const ATTEMPTS = [0, 1, 2];

function derived(delivery: GivenDelivery, options: DeriveOptions = {}): Derived {
  const result = deriveKeys(delivery, options);
  if ('field' in result) throw new Error(result.message);
  return result;
}

const only = ({ keys }: Derived) => {
  expect(keys).toHaveLength(1);
  return keys[0];
};

describe.each(Object.entries(senders))('%s', (_, open) => {
  let sender: Sender;
  beforeAll(async () => {
    sender = await open();
  });

  test('each of twenty events has one key, however often it is delivered; no two share one', () => {
    const { events, source } = sender;
    expect(events.length).toBeGreaterThanOrEqual(20);
    const keys = events.map((_event, nth) => {
      const deliveries = ATTEMPTS.map((attempt) => sender.deliver(nth, attempt));
      const all = deliveries.map((delivery) => derived(delivery));
      expect(all.map((each) => each.source)).toEqual(ATTEMPTS.map(() => source));
      const found = new Set(all.map((each) => JSON.stringify(only(each))));
      expect([nth, found.size]).toEqual([nth, 1]);
      return only(derived(deliveries[0] as GivenDelivery)).key;
    });
    expect(new Set(keys).size).toBe(events.length);
  });

  test('recognised or named makes no difference, nor does a body that comes parsed', () => {
    const { source } = sender;
    for (const [nth] of sender.events.entries()) {
      const delivery = sender.deliver(nth, 0);
      const detected = derived(delivery);
      expect(derived(delivery, { source })).toEqual(detected);
      if (delivery.headers['Content-Type']?.includes('form') === true) continue;
      // But for ids that only text can hold.
      const parsed = JSON.parse(delivery.payload) as unknown;
      expect(derived({ ...delivery, payload: parsed }).keys[0].key).toBe(detected.keys[0].key);
    }
  });
});

test('what HubSpot sends again, it groups anew', () => {
  const numbers = hubspotEvents.map((_event, nth) => nth);
  const first = [0, 5, 10, 15].flatMap(
    (from) => derived(deliverTogether(numbers.slice(from, from + 5), 0)).keys,
  );
  const again = derived(deliverTogether(numbers, 1)).keys;
  expect(again).toEqual(first);
  expect(new Set(first.map(({ key }) => key)).size).toBe(20);
});
