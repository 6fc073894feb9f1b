import { deriveKeys, type Derived, type DeriveOptions } from '../../src/sources/derive.ts';

const event = (id: string, type: string, object: string) => ({
  ...{ id, object: 'event', type, created: 1_764_060_000 + id.length, data: { object: { id: object } } },
});
const derive = (payload: object, source: DeriveOptions['source']): Derived => {
  const derived = deriveKeys({ payload }, { source, job: 'fulfil' });
  if ('field' in derived) throw new Error(derived.message);
  return derived;
};

test('two events of one change are one where it is chosen, and two where the sender is detected', () => {
  const twins = [
    event('evt_1', 'checkout.session.completed', 'cs_1'),
    event('evt_12', 'checkout.session.completed', 'cs_1'),
  ];
  const [one, other] = twins.map((each) => derive(each, 'stripe_object'));
  expect(other).toEqual(one);
  const [first, second] = twins.map((each) => derive(each, 'detect'));
  expect(first).toMatchObject({ source: 'stripe' });
  expect(second?.keys[0].key).not.toBe(first?.keys[0].key);
});

test('another type, and another object, are other events', () => {
  const keys = [
    event('evt_1', 'checkout.session.completed', 'cs_1'),
    event('evt_1', 'checkout.session.expired', 'cs_1'),
    event('evt_1', 'checkout.session.completed', 'cs_2'),
  ].map((each) => derive(each, 'stripe_object').keys[0].key);
  expect(new Set(keys).size).toBe(3);
});

test('what is no event of Stripe is refused', () => {
  expect(deriveKeys({ payload: { id: 'cs_1' } }, { source: 'stripe_object' })).toMatchObject({
    field: 'payload',
  });
});
