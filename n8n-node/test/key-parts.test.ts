import { SAME_FOR_ALL } from '@onceonly/shared';
import { enteredAs, readAs, webhookItem } from './parameters.ts';

const BODY =
  '{"event":"order.created","order":{"id":7},"empty":"","at":null,"big":9007199254740993001,"list":[],"nested":{"a":null},"lines":[{"sku":"undefined","id":1},{"sku":"b","id":2}],"title":"undefined behaviour, null and [object Array]"}';
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
  ['=order-{{ Number($json.body.event) }}', 'is not a number'],
  ['=order-{{ $json.body.big }}', 'has lost its last digits'],
  ['={{ $json.body.big }}', 'switch on Raw Body in its options'],
  ['=at-{{ DateTime.fromISO($json.body.event) }}', 'is not a date'],
  ['=at-{{ new Date($json.body.orderId) }}', 'is not a date'],
  ["=at-{{ DateTime.fromISO($json.body.event).toFormat('yyyy') }}", 'is not a date'],
  ["={{ 'at-' + DateTime.fromISO($json.body.event).toFormat('yyyy') }}", 'something in it is missing'],
])('refuses %s, of which a part is missing', async (key, why) => {
  await expect(keyOf(key)).rejects.toMatchObject({
    code: 'invalid_input',
    details: { field: 'key', detail: expect.stringMatching(/^Part of the key is missing: \{\{ /) },
    message: expect.stringContaining(why),
  });
});

const NO = '$json.body.orderId';
test.each([
  [`'order' + ${NO}`, NO],
  [`"order_" + ${NO} + "-" + $json.body.event`, NO],
  [`"order-" + $json.body.at`, '$json.body.at'],
  [`'order-' + $json.body.empty`, '$json.body.empty'],
  [`"order-" + $json.body.order`, '$json.body.order'],
  [`'order-' + $json.body.big`, '$json.body.big'],
  [`'o' + Number(${NO})`, NO],
  [`'o' + (${NO} - 1)`, NO],
  [`\`order-\${${NO}}\``, NO],
  [`('order' + ${NO}).trim().toUpperCase()`, NO],
  [`'order-'.concat(${NO})`, NO],
  [`['order', ${NO}].join('-')`, NO],
  [`'order-' + (${NO} || '')`, "''"],
  [`'order-' + (${NO} ?? $json.body.at)`, '$json.body.at'],
  [`'order' + (${NO} ? '-' + ${NO} : '')`, "''"],
  [`'order-' + $ifEmpty($json.body.empty, ${NO})`, NO],
  [`'order-' + $('Claim').params.missing`, "$('Claim').params.missing"],
  [`'}} order ' + ${NO}`.replace('}}', '\\}}'), NO],
])('refuses {{ %s }}, and names %s', async (code, part) => {
  await expect(keyOf(`={{ ${code} }}`)).rejects.toMatchObject({
    details: { detail: expect.stringContaining(`in {{ ${code} }}, ${part} is `) },
  });
});

test.each([
  [`'order-' + (${NO} || 'none')`, 'order-none'],
  [`'order-' + (${NO} ?? $json.body.order.id)`, 'order-7'],
  [`${NO} ? 'a-' + ${NO} : 'b-' + $json.body.order.id`, 'b-7'],
  [`'' + $json.body.order.id`, '7'],
  [`\`\${$json.body.event}:\${$json.body.order.id.toString().padStart(3, '0')}\``, 'order.created:007'],
  [`$json.body.event.replace('order.', '') + '-' + $json.body.order.id`, 'created-7'],
  [`'order-' + $ifEmpty(${NO}, 'none')`, 'order-none'],
  [`$json.body.title + '-' + $json.body.order.id`, 'undefined behaviour, null and [object Array]-7'],
  [`$json.body.title`, 'undefined behaviour, null and [object Array]'],
  [`'order-' + ($json.body.order.id === 7)`, 'order-true'],
])('takes {{ %s }}', async (code, key) => {
  expect(await keyOf(`={{ ${code} }}`)).toEqual(key);
});

test.each([
  `$json.body.lines.map((line) => line.id).join()`,
  `$json.body.event.split('.').slice(0, $json.body.order.id).join()`,
])('has no doubts of {{ %s }}, in which nothing is missing', async (code) => {
  const given = { job: 'orders', key: `={{ ${code} }}` };
  expect((await enteredAs('claimKey', given, item())).settings.doubts).toEqual([]);
});

test('what it is told of is the way to say that events are meant to share a key', async () => {
  await expect(keyOf(`=order-{{ ${NO} }}`)).rejects.toThrow(`enter {{ ${NO} || 'none' }}`);
  await expect(keyOf(`={{ 'order-' + ${NO} }}`)).rejects.toThrow(`enter {{ ${NO} || 'none' }}`);
});

test.each([
  [`['order', ${NO}].filter(Boolean).join('-')`, `${NO} is missing`],
  [`[$json.body.title, 'x'].map((each) => each + '-' + each.id).join()`, 'the word “undefined”'],
  [`$json.body.event.slice(0, ${NO})`, `${NO} is missing`],
  [`$json.body.lines.map((line) => line.sku).join()`, 'the word “undefined”'],
  [`JSON.stringify($json.body.nested)`, 'the word “null”'],
  [`new Date($json.body.at).getTime()`, '$json.body.at is missing'],
])('says of {{ %s }} that nobody can tell', async (code, doubt) => {
  const { settings } = await enteredAs('claimKey', { job: 'orders', key: `={{ ${code} }}` }, item());
  expect(settings.doubts.join()).toContain(doubt);
});

test.each([
  `[1, 2].map((each) => 'order-' + each.id).join()`,
  `[1, 2].map((each) => 'order' + each.id).join()`,
  `(() => 'order-' + ${NO})()`,
])('refuses {{ %s }}, whose word for what is missing no item brought', async (code) => {
  const plain = webhookItem('{"event":"order.created"}', false);
  await expect(readAs('claimKey', { job: 'orders', key: `={{ ${code} }}` }, plain)).rejects.toThrow(
    'so something in it is missing',
  );
});

test('a version that comes empty is refused: the record alone would be the key, and later changes stop', async () => {
  const read = (sequence: string) =>
    readAs('claimKey', { job: 'orders', key: '17', options: { sequence } }, item());
  for (const expression of [
    '={{ $json.body.updated_at }}',
    '={{ $json.body.empty }}',
    '={{ $json.body.at }}',
  ]) {
    await expect(read(expression)).rejects.toThrow(
      'Part of the version or change time (newer wins) is missing',
    );
  }
  expect(await read('={{ $json.body.order.id }}')).toMatchObject({ sequence: 7 });
  expect(await read('')).toMatchObject({ sequence: '' });
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

test('a group of which a part is missing is refused: all without it would be one record', async () => {
  const read = (group: string) =>
    readAs('claimKey', { job: 'orders', key: '17', options: { group } }, item());
  for (const expression of ['={{ $json.body.customer }}', '=customer-{{ $json.body.customer }}']) {
    await expect(read(expression)).rejects.toThrow('Part of the one at a time for is missing');
  }
  expect(await read('=order-{{ $json.body.order.id }}')).toMatchObject({ group: 'order-7' });
  expect(await read('')).toMatchObject({ group: '' });
});

test.each([
  ['={{ new Date($json.body.at) }}', '2026-11-29T08:12:29.123Z'],
  ['=17:{{ new Date($json.body.at) }}', '17:2026-11-29T08:12:29.123Z'],
  ['={{ DateTime.fromISO($json.body.at, { setZone: true }) }}', '2026-11-29T09:12:29.123+01:00'],
])('a date as %s keeps the fraction of its second', async (value, read) => {
  const at = webhookItem('{"id":7,"at":"2026-11-29T09:12:29.123+01:00"}', false);
  const given = { job: 'orders', key: '={{ $json.body.id }}', key_from: 'value' };
  expect((await readAs('claimKey', { ...given, key: value }, at))['key']).toBe(read);
  expect(await readAs('claimKey', { ...given, options: { sequence: value } }, at)).toMatchObject({
    sequence: read,
  });
});

test('where an expression writes a date into text itself, a warning says what is lost', async () => {
  const at = webhookItem('{"id":7}', false);
  at.json['at'] = new Date('2026-11-29T08:12:29.123Z');
  const doubtsOf = async (key: string): Promise<readonly string[]> =>
    (await enteredAs('claimKey', { job: 'orders', key, key_from: 'value' }, at)).settings.doubts;
  expect(await doubtsOf("={{ $json.body.id + ':' + $json.at }}")).toEqual([
    expect.stringMatching(
      /\$json\.at is a date, which loses .* Write \$json\.at\.toISOString\(\) instead\.$/,
    ),
  ]);
  expect(await doubtsOf("={{ $json.body.id + ':' + $json.at.toISOString() }}")).toEqual([]);
});

test.each([
  '={{ $now }}',
  '={{ $json.body.event }}-{{ $now.toMillis() }}',
  "={{ $json.body.event + '-' + Date.now() }}",
  '={{ new Date().toISOString() }}',
  '={{ DateTime.now().toISO() }}',
  '={{ `${$json.body.event}-${Math.random()}` }}',
])('refuses %s, which is new in each run', async (key) => {
  await expect(keyOf(key)).rejects.toMatchObject({
    code: 'invalid_input',
    message: expect.stringMatching(
      /^“Key” has .* in it, which is new in each run\. So no run would ever count/,
    ),
  });
});

test.each([
  ["={{ $now.toFormat('yyyy') }}", false],
  ["={{ $json.body.event }}:{{ $now.format('yyyy-MM-dd') }}", false],
  ['={{ $json.body.event }}', false],
  ['order.id', true],
  ['=order', true],
  ['={{ $workflow.active }}', true],
  ["={{ 'order' }}-{{ 7 }}", true],
  ["={{ 'order-' + $json.body.order.id }}", false],
])('says of the key %s whether all events have it', async (key, same) => {
  const given = { job: 'orders', key, key_from: 'value' };
  const { settings } = await enteredAs('claimKey', given, item());
  expect(settings.doubts).toEqual(same ? [SAME_FOR_ALL] : []);
});

test('a key that stands in a field which is not asked for says nothing', async () => {
  const given = { job: 'orders', key: 'left', key_from: 'whole' };
  expect((await enteredAs('claimKey', given, item())).settings.doubts).toEqual([]);
});
