import axios from 'axios';
import { openMake } from '../platforms/make.ts';
import type { Platform } from '../platforms/platform.ts';
import { openZapierProcess, type ZapierProcess } from '../platforms/zapier-process.ts';
import { openZapier } from '../platforms/zapier.ts';
import { openSink, type Sink } from '../storm/sink.ts';
import { openWorld, type World } from '../world.ts';
import { atOnce, DUPLICATES, runOn, runWithout, type Effect } from './runs.ts';

const EVENT = { job: 'send-invoice', key: 'order-1042', while_in_progress: 'stop' };

let process: ZapierProcess;
let world: World;
let sink: Sink;
let zapier: Platform;
let make: Platform;
beforeAll(async () => {
  process = await openZapierProcess();
});
afterAll(() => process.close());
beforeEach(async () => {
  [world, sink] = await Promise.all([openWorld(), openSink()]);
  [zapier, make] = await Promise.all([openZapier(world, process), openMake(world)]);
});
afterEach(async () => {
  await sink.close();
  await world.close();
});

const send: Effect = async () => {
  const headers = { 'x-github-delivery': EVENT.key };
  return (await axios.post<unknown>(sink.url, {}, { headers, proxy: false })).data;
};

test('without the steps, a Zap and a scenario of the same job both do it, once a delivery', async () => {
  await Promise.all([zapier, make].map(() => atOnce(() => runWithout(send))));
  expect(sink.records.get(EVENT.key)).toBe(2 * DUPLICATES);
});

test('with them, it is done once between the two platforms', async () => {
  const outcomes = await Promise.all([zapier, make].map((each) => atOnce(() => runOn(each, EVENT, send))));
  expect(sink.records.get(EVENT.key)).toBe(1);
  expect(outcomes.flat().filter(({ kind }) => kind === 'continued')).toHaveLength(1);
  expect(outcomes.flat().filter(({ kind }) => kind === 'stopped')).toHaveLength(2 * DUPLICATES - 1);
});

test('where the Zap dies, the scenario takes over, once', async () => {
  const died = await zapier.run('claimKey', { ...EVENT, hold_minutes: 1 });
  expect(died).toMatchObject({ kind: 'continued', outputs: { attempt: 1 } });
  world.advance(60_000);
  await atOnce(() => runOn(make, EVENT, send));
  await atOnce(() => runOn(zapier, EVENT, send));
  expect(sink.records.get(EVENT.key)).toBe(1);
});

test('under two job names, each does its own work of the event', async () => {
  await Promise.all([runOn(zapier, EVENT, send), runOn(make, { ...EVENT, job: 'book-invoice' }, send)]);
  expect(sink.records.get(EVENT.key)).toBe(2);
});
