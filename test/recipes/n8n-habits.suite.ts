import { setTimeout as pause } from 'node:timers/promises';
import { useN8n } from '../n8n/setting.ts';
import { claim, complete, onceOnly } from '../n8n/steps.ts';
import { webhook, work, workflow, type Connection, type Step } from '../n8n/workflow.ts';
import { openCrm, type Contact, type Crm } from './crm.ts';
import { onN8n } from './guide.ts';
import { countsOf } from './habits.ts';

const CUSTOMER = onN8n('One at a time per customer');
const CHANGE = onN8n('Changes of a record');
const WRITE = onN8n('My own write starts my automation again');
const LOOK = onN8n('Look before you repeat');

let crm: Crm;
beforeAll(async () => {
  crm = await openCrm();
});
afterAll(() => crm.close());
beforeEach(() => {
  crm.tell(() => Promise.resolve());
});

const base = (name: string, type: string, typeVersion: number, parameters: object): Step => ({
  ...{ name, type: `n8n-nodes-base.${type}`, typeVersion, parameters },
});
const split = base('Split Out', 'splitOut', 1, {
  ...{ fieldToSplitOut: 'body.orders', options: { destinationFieldName: 'body' } },
});
const loop = base('Loop Over Items', 'splitInBatches', 3, { batchSize: 1, options: {} });

const when = (name: string, value: string, type: string, operation: string, right: unknown): Step =>
  base(name, 'if', 2.2, {
    conditions: {
      options: { caseSensitive: true, leftValue: '', typeValidation: 'strict', version: 2 },
      conditions: [{ id: name, leftValue: value, rightValue: right, operator: { type, operation } }],
      combinator: 'and',
    },
    options: {},
  });

const write = (id: string, reference: string): Step =>
  base('Write', 'httpRequest', 4.3, {
    ...{ method: 'POST', url: crm.url, sendBody: true, options: {} },
    bodyParameters: {
      parameters: [
        { name: 'id', value: id },
        { name: 'reference', value: reference },
      ],
    },
  });

const search = (reference: string): Step =>
  base('Search', 'httpRequest', 4.3, {
    ...{ url: crm.url, sendQuery: true, options: {} },
    queryParameters: { parameters: [{ name: 'reference', value: reference }] },
  });

/** Check Key Once of what was written: by the trigger's record, or by that of the answer. */
const checkOnce = (name: string, key: string, on_duplicate: string): Step =>
  onceOnly(name, 'lockKey', { job: 'contact written', key, on_duplicate });

const ofCustomer = (options: object = {}, more: object = {}): Step =>
  claim({
    ...{ job: 'book order', key: CUSTOMER.key, ...more },
    options: { group: CUSTOMER.group, ...options },
  });
const ofChange = claim({
  ...{ job: 'sync contact', key: CHANGE.key },
  options: { sequence: CHANGE.sequence },
});
const ofWrite = claim({
  ...{ job: 'sync contact', key: WRITE.key },
  options: { group: WRITE.group },
});
const IDEMPOTENCY_KEY = "={{ $('Claim').item.json.onceonly.idempotency_key }}";

const from = (...pairs: readonly [string, string, number?][]): Connection[] =>
  pairs.map(([of, to, output = 0]) => ({ from: of, to, output }));

const setting = useN8n({
  workflows: ({ receiver: { url } }) => {
    const book = work(url, CUSTOMER.key);
    const inLoop = ofCustomer({}, { on_duplicate: 'output' });
    return [
      workflow('orders', [webhook('orders'), ofCustomer(), book, complete()]),
      workflow('impatient', [webhook('impatient'), ofCustomer({ wait_minutes: 0 }), book, complete()]),
      workflow('batch', [webhook('batch'), split, ofCustomer(), book, complete()]),
      workflow('loop', [webhook('loop'), split, loop, inLoop, book, complete()], {
        connections: [
          ...from(
            ['Webhook', 'Split Out'],
            ['Split Out', 'Loop Over Items'],
            ['Loop Over Items', 'Claim', 1],
          ),
          ...from(['Claim', 'Work'], ['Work', 'Complete'], ['Complete', 'Loop Over Items']),
          ...from(['Claim', 'Loop Over Items', 1]),
        ],
      }),
      workflow('changes', [
        webhook('changes'),
        ofChange,
        write('={{ $json.body.id }}', '={{ $json.body.name }}'),
        complete(),
      ]),
      workflow('own-write', [
        webhook('own-write'),
        checkOnce('First', WRITE.key, 'stop'),
        write('={{ $json.body.id }}', 'by the automation'),
        checkOnce('Mark', WRITE.written, 'continue'),
      ]),
      workflow(
        'in-turn',
        [
          ...[webhook('in-turn'), ofWrite],
          onceOnly('Look', 'getKey', { job: 'contact written', key: WRITE.key }),
          when('Is Not Mine', '={{ $json.onceonly.exists }}', 'boolean', 'equals', false),
          write('={{ $json.body.id }}', 'in turn'),
          { ...claim({ job: 'contact written', key: WRITE.written }), name: 'Mark' },
          ...[{ ...complete(), name: 'Mark Complete' }, complete()],
        ],
        {
          connections: [
            ...from(['Webhook', 'Claim'], ['Claim', 'Look'], ['Look', 'Is Not Mine']),
            ...from(['Is Not Mine', 'Write'], ['Write', 'Mark'], ['Mark', 'Mark Complete']),
            ...from(['Mark Complete', 'Complete']),
            ...from(['Is Not Mine', 'Complete', 1]),
          ],
        },
      ),
      workflow(
        'look',
        [
          webhook('look'),
          claim({ job: 'create invoice', key: LOOK.key, options: { hold_minutes: 10 } }),
          when('Was Tried', '={{ $json.onceonly.attempt }}', 'number', 'gt', 1),
          search(IDEMPOTENCY_KEY),
          when('Is There', '={{ $json.results.length }}', 'number', 'gt', 0),
          ...[write('invoice', IDEMPOTENCY_KEY), complete()],
        ],
        {
          connections: [
            ...from(
              ['Webhook', 'Claim'],
              ['Claim', 'Was Tried'],
              ['Was Tried', 'Search'],
              ['Was Tried', 'Write', 1],
            ),
            ...from(
              ['Search', 'Is There'],
              ['Is There', 'Complete'],
              ['Is There', 'Write', 1],
              ['Write', 'Complete'],
            ),
          ],
        },
      ),
      ...['watch', 'stop'].map((on_duplicate) =>
        workflow(`first-${on_duplicate}`, [
          webhook(`first-${on_duplicate}`),
          claim({ job: 'fulfil order', on_duplicate }),
          work(url),
          complete(),
        ]),
      ),
    ];
  },
});

const orders = (...of: readonly string[]) => of.map((order) => ({ order, customer: '17' }));
const claims = (): number => setting.wire.requests.filter((path) => path === '/v1/ai/lease').length;
const messageOf = async (path: string, body: object): Promise<string> => {
  const [execution] = await setting.deliver(path, body);
  const { error } = await setting.n8n.executions.data(execution?.id ?? '');
  return error?.message ?? '';
};

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(20);
}

/** The work of an order is under way until what is answered is called. */
function hold(order: string): () => void {
  const held = Promise.withResolvers<number>();
  setting.receiver.behave((id) => (id === order ? held.promise : 200));
  return () => {
    held.resolve(200);
  };
}

test('One at a time per customer: the second run waits for its turn, others go on', async () => {
  const { n8n, receiver } = setting;
  const release = hold('1001');
  for (const order of orders('1001')) await n8n.send('orders', order);
  await until(() => receiver.asked('1001') === 1);
  const before = claims();
  await setting.n8n.send('orders', { order: '1002', customer: '17' });
  await until(() => claims() > before);
  await setting.n8n.send('orders', { order: '1003', customer: '18' });
  await until(() => receiver.done('1003') === 1);
  expect([receiver.asked('1002'), receiver.done('1001')]).toEqual([0, 0]);
  release();
  const executions = await n8n.executions.settled('orders', 3);
  expect(executions.map(({ status }) => status)).toEqual(['success', 'success', 'success']);
  expect(receiver.all).toEqual(['1003', '1001', '1002']);
});

test('One at a time per customer: after its time a run that waits fails, and says which key is at work', async () => {
  const { n8n, receiver } = setting;
  const release = hold('2001');
  await n8n.send('orders', { order: '2001', customer: '17' });
  await until(() => receiver.asked('2001') === 1);
  expect(await messageOf('impatient', { order: '2002', customer: '17' })).toContain(
    '“book order:2001” is at work',
  );
  release();
  await until(() => receiver.done('2001') === 1);
  expect(receiver.asked('2002')).toBe(0);
  const [failed] = await n8n.executions.settled('impatient', 1);
  await n8n.executions.retry(failed?.id ?? '');
  await until(() => receiver.done('2002') === 1);
});

test('One at a time per customer: several orders of one execution, without Loop Over Items and with it', async () => {
  const { receiver } = setting;
  expect(await messageOf('batch', { orders: orders('3001', '3002') })).toContain(
    'An earlier item of this same run',
  );
  expect([receiver.asked('3001'), receiver.asked('3002')]).toEqual([0, 0]);
  expect(await messageOf('loop', { orders: orders('3001', '3002', '3001') })).toBe('');
  expect(receiver.all.slice(-2)).toEqual(['3001', '3002']);
});

test('Changes of a record: each once, and an older one not after a newer one', async () => {
  const at = (seconds: number) => `2026-11-25T08:00:0${String(seconds)}Z`;
  const before = crm.writes.length;
  for (const [name, seconds] of [
    ['newer', 2],
    ['newer', 2],
    ['older', 1],
    ['newest', 3],
  ] as const)
    await setting.deliver('changes', { id: '17', name, updated_at: at(seconds) });
  expect(crm.writes.slice(before).map(({ reference }) => reference)).toEqual(['newer', 'newest']);
});

test('My own write starts my automation again: the run that it starts stops', async () => {
  const before = crm.writes.length;
  await setting.deliver('own-write', { id: '17', updated_at: '2026-11-25T07:00:00.000Z' });
  const written = crm.writes.slice(before);
  await setting.deliver('own-write', ...written);
  expect([written.length, crm.writes.length - before]).toEqual([1, 1]);
});

test('My own write starts my automation again: an instant trigger, before the write is answered', async () => {
  const { n8n } = setting;
  const before = crm.writes.length;
  crm.tell(async (written: Contact) => {
    const known = claims();
    await n8n.send('in-turn', written);
    await until(() => claims() > known);
  });
  await n8n.send('in-turn', { id: '19', updated_at: '2026-11-25T07:00:00.000Z' });
  const executions = await n8n.executions.settled('in-turn', 2);
  expect(executions.map(({ status }) => status)).toEqual(['success', 'success']);
  expect(crm.writes.slice(before).map(({ reference }) => reference)).toEqual(['in turn']);
});

test('Look before you repeat: after a run that died, each invoice is created once', async () => {
  const before = crm.writes.length;
  const created = (): number => crm.writes.length - before;
  crm.losesNextAnswer = true;
  await setting.deliver('look', { order: '1001' });
  expect(created()).toBe(1);
  setting.world.advance(10 * 60_000);
  const [taken] = await setting.deliver('look', { order: '1001' });
  const { runData } = await setting.n8n.executions.data(taken?.id ?? '');
  expect([Object.keys(runData).includes('Search'), Object.keys(runData).includes('Complete')]).toEqual([
    true,
    true,
  ]);
  await setting.deliver('look', { order: '1001' });
  expect(created()).toBe(1);
});

test('Watch first: nothing is stopped, all is counted, and then it stops', async () => {
  const { receiver, world } = setting;
  for (const path of ['first-watch', 'first-watch', 'first-watch', 'first-stop'])
    await setting.deliver(path, { id: 'watched-1' });
  expect(receiver.done('watched-1')).toBe(3);
  expect(await countsOf(world)).toMatchObject({ watched: 2 });
});
