import axios from 'axios';
import { openClient } from '../platforms/client.ts';
import { openSink, type Sink } from '../storm/sink.ts';
import { openWorld, type World } from '../world.ts';
import { atOnce, DUPLICATES, runWith, runWithout, type Effect } from './runs.ts';

const EVENT = { job: 'write-record', key: 'event-1', hold_minutes: 1, while_in_progress: 'stop' };

let world: World;
let sink: Sink;
beforeEach(async () => {
  [world, sink] = await Promise.all([openWorld(), openSink()]);
});
afterEach(async () => {
  await sink.close();
  await world.close();
});

const write: Effect = async () => {
  const headers = { 'x-github-delivery': EVENT.key };
  return (await axios.post<unknown>(sink.url, {}, { headers, proxy: false })).data;
};

test('a run that dies between claim and complete is taken over when its claim ends, once', async () => {
  const died = await openClient(world).run('claimKey', EVENT);
  expect(died).toMatchObject({ kind: 'continued', outputs: { attempt: 1 } });
  world.advance(60_000);
  const outcomes = await atOnce(() => runWith(world, EVENT, write));
  expect(sink.records.get(EVENT.key)).toBe(1);
  expect(outcomes.filter(({ kind }) => kind === 'continued')).toHaveLength(1);
  const seen = await openClient(world).run('getKey', EVENT);
  expect(seen).toMatchObject({ outputs: { status: 'completed', attempt: 2 } });
});

test('without the steps, everybody who comes after it writes', async () => {
  await atOnce(() => runWithout(write));
  expect(sink.records.get(EVENT.key)).toBe(DUPLICATES);
});
