import { readAs, webhookItem } from './parameters.ts';

const BODY =
  '{"event":"order.created","order":{"id":7},"empty":"","at":null,"big":9007199254740993001,"list":[]}';
const item = (raw = false) => webhookItem(BODY, raw);

const keyOf = async (key: string, raw = false): Promise<unknown> =>
  (await readAs('claimKey', { job: 'orders', key }, item(raw)))['key'];

test.each([
  ['=order-{{ $json.body.order.id }}', 'order-7'],
  ['={{ $json.body.event }}:{{ $json.body.order.id }}', 'order.created:7'],
  ['={{ $json.body.order.id }}', 7],
  ['={{ $json.body.order.id === 7 }}-order', 'true-order'],
  ['={{ $json.body.event + "-" }}', 'order.created-'],
  ['={{ $json.body.event }}\\{{ left }}', expect.stringContaining('order.created')],
  ['=plain', 'plain'],
  ['plain', 'plain'],
])('reads %s', async (key, read) => {
  expect(await keyOf(key)).toEqual(read);
});

test.each([
  ['={{ $json.body.event }}:{{ $json.body.customer?.id }}', '{{ $json.body.customer?.id }} is empty'],
  ['=order-{{ $json.body.orderId }}', '{{ $json.body.orderId }} is empty'],
  ['={{ $json.body.a }}-{{ $json.body.b }}', '{{ $json.body.a }} is empty'],
  ['=order-{{ $json.body.at }}', '{{ $json.body.at }} is empty'],
  ['=order-{{ $json.body.empty }}', '{{ $json.body.empty }} is empty'],
  ['={{ $json.body.orderId }}', '{{ $json.body.orderId }} is empty'],
  ['=order-{{ $json.body.order }}', '{{ $json.body.order }} is a list or an object'],
  ['=order-{{ $json.body.list }}', '{{ $json.body.list }} is a list or an object'],
  ['=order-{{ Number($json.body.event) }}', 'is no number'],
  ['={{ "order-" + $json.body.orderId }}', 'came to “order-undefined”'],
  ['={{ "order_" + $json.body.orderId }}', 'came to “order_undefined”'],
  ['={{ "order-" + $json.body.at }}', 'came to “order-null”'],
  ['={{ "order-" + $json.body.order }}', 'came to “order-[object Object]”'],
  ['=order-{{ $json.body.big }}', 'without its last digits'],
  ['={{ $json.body.big }}', 'switch on Raw Body in the options of that node'],
])('refuses %s, of which a part is missing', async (key, why) => {
  await expect(keyOf(key)).rejects.toMatchObject({
    code: 'invalid_input',
    details: { field: 'key', detail: expect.stringMatching(/^Part of the key is missing: \{\{ /) },
    message: expect.stringContaining(why),
  });
});

test('a job and a fingerprint are looked at alike', async () => {
  const read = (more: object) => readAs('claimKey', { job: 'orders', key: 'k', ...more }, item());
  await expect(read({ job: '=send-{{ $json.body.what }}' })).rejects.toThrow(
    'Part of the job name is missing',
  );
  const options = { fingerprint: '=hash-{{ $json.body.what }}' };
  await expect(read({ options })).rejects.toThrow('Part of the fingerprint is missing');
});

test.each(['={{ $json.body.big }}', '={{ $json.body.big.toString() }}'])(
  'with the body as it came, %s has all digits of a long number',
  async (key) => {
    expect(await keyOf(key, true)).toBe('9007199254740993001');
  },
);

test('the item itself stays as it came', async () => {
  const given = item(true);
  const before = structuredClone(given.json);
  await readAs('claimKey', { job: 'orders', key: '={{ $json.body.big }}' }, given);
  expect(given.json).toEqual(before);
});

test('chosen fields and the whole item are read from the body as it came', async () => {
  const read = (key_from: string, raw: boolean) =>
    readAs('claimKey', { job: 'orders', key_from, fields: 'body.big' }, item(raw));
  expect(await read('fields', true)).toMatchObject({
    fields: 'big',
    payload: { big: '9007199254740993001' },
  });
  expect(await read('whole', true)).toMatchObject({ payload: { big: '9007199254740993001' } });
  expect(await read('whole', false)).toMatchObject({ payload: { big: 9_007_199_254_740_993_000 } });
});
