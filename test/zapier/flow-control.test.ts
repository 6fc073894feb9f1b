import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openTrigger } from '../platforms/zapier-trigger.ts';
import { useZapier } from './setting.ts';
import { until } from './until.ts';

/** What Zapier's flow control does to a claim: each section of docs/zapier.md, step by step through the built app. */

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

const setting = useZapier({ waitMs: 1_000 });
const { outputs, error } = setting;

const claim = async (more: object = {}): Promise<Record<string, unknown>> =>
  outputs('claimKey', { ...setting.event, ...more });

const complete = ({ claim_token }: Record<string, unknown>): Promise<Record<string, unknown>> =>
  outputs('completeKey', { claim_token });

/** Another delivery of the event: the first step of a run of its own. */
const isStopped = async (more: object = {}): Promise<boolean> =>
  (await error('claimKey', { ...setting.event, ...more })).name === 'HaltedError';

/** What Run Died tells of the test's event. */
const deaths = async (): Promise<readonly Record<string, unknown>[]> => {
  const { job, key } = setting.event;
  const listed = await openTrigger(setting.zapier, 'runDied', { job }).list();
  return 'events' in listed ? listed.events.filter(({ event_key }) => event_key === key) : [];
};

const played: Readonly<Record<string, () => Promise<void>>> = {
  Filter: async () => {
    await claim();
    // The filter ends the run here. Within Hold For a redelivery waits; after it, it takes over.
    setting.world.advance(12 * HOUR);
    expect(await claim()).toMatchObject({ proceed: true, attempt: 2 });
    const released = await claim({ job: 'with release' });
    await outputs('releaseKey', { claim_token: released['claim_token'] });
    expect(await claim({ job: 'with release' })).toMatchObject({ proceed: true });
  },

  Paths: async () => {
    const run = await claim();
    expect(await complete(run)).toMatchObject({ completed: true });
    expect(await complete(run)).toMatchObject({ completed: true });
    expect(await isStopped()).toBe(true);
    // A claim for each path: what one has done does not stop the other.
    const path = (job: string) => claim({ job });
    await complete(await path('path A'));
    const failed = await path('path B');
    await outputs('failKey', { claim_token: failed['claim_token'] });
    expect(await isStopped({ job: 'path A' })).toBe(true);
    expect(await path('path B')).toMatchObject({ proceed: true, attempt: 2 });
  },

  Delay: async () => {
    const first = await claim();
    setting.world.advance(13 * HOUR);
    const [death] = await until(deaths, ({ length }) => length > 0);
    expect(death?.['message']).toMatch(/Does the run still wait, in a delay or held\? Then do nothing/);
    // A redelivery takes over, and waits as well.
    const second = await claim();
    expect(second).toMatchObject({ proceed: true, attempt: 2 });
    setting.world.advance(3 * DAY - 13 * HOUR);

    // With Extend Claim behind the delay, the run that lost its claim stops before its work, and the other goes on.
    const halted = await error('extendClaim', { claim_token: first['claim_token'] });
    expect(halted).toMatchObject({ name: 'HaltedError' });
    expect(halted.message).toContain('This run stops here, before it does the work a second time.');
    expect(await outputs('extendClaim', { claim_token: second['claim_token'] })).toMatchObject({
      extended: true,
    });

    // Where nobody does the work any more, it is an error.
    const given = await claim({ job: 'given up' });
    await outputs('releaseKey', { claim_token: given['claim_token'] });
    const nobody = await error('extendClaim', { claim_token: given['claim_token'] });
    expect(nobody).toMatchObject({ name: 'AppError', code: 'lease_lost' });

    // Without it, both do the work: Zapier mails the error of the one that had lost its claim.
    const told = await error('completeKey', { claim_token: first['claim_token'] });
    expect(told).toMatchObject({ name: 'AppError', code: 'lease_lost' });
    expect(told.message).toContain('check whether it was done twice');
    expect(told.message).toContain('set Hold For longer than your slowest run');
    expect(await complete(second)).toMatchObject({ completed: true });

    // Without a redelivery, the delay does no harm.
    const alone = await claim({ job: 'alone' });
    setting.world.advance(3 * DAY);
    expect(await complete(alone)).toMatchObject({ completed: true });
  },

  'Held run': async () => {
    const held = await claim();
    setting.world.advance(2 * DAY);
    await complete(await claim());
    expect(await error('completeKey', { claim_token: held['claim_token'] })).toMatchObject({
      name: 'AppError',
    });
    // One that was held longer than the key is kept.
    const lost = await claim({ job: 'forgotten', remember_days: '1' });
    setting.world.advance(3 * DAY);
    expect(await error('completeKey', { claim_token: lost['claim_token'] })).toMatchObject({
      name: 'AppError',
      code: 'not_found',
    });
  },

  Looping: async () => {
    const item = (key: string) => claim({ job: 'line items', key: `${setting.event.key}-${key}` });
    await complete(await item('1'));
    const failed = await item('2');
    await outputs('failKey', { claim_token: failed['claim_token'] });
    // A second run does only what is open.
    const again = { job: 'line items', key: `${setting.event.key}-1` };
    expect((await error('claimKey', again)).name).toBe('HaltedError');
    expect(await item('2')).toMatchObject({ proceed: true, attempt: 2 });
    expect(await item('3')).toMatchObject({ proceed: true, attempt: 1 });
    // One claim before the loop, completed behind it.
    const whole = await claim();
    expect(await complete(whole)).toMatchObject({ completed: true });
  },

  'Sub-Zap': async () => {
    const { claim_token: token } = await claim();
    // Zapier hands inputs on as text.
    expect(await complete({ claim_token: `${String(token)}\n` })).toMatchObject({ completed: true });
  },

  'Error handler': async () => {
    await complete(await claim());
    expect(await isStopped()).toBe(true);
    // The handler of the step that halted maps a Claim Token that never came.
    const refused = await error('failKey', { claim_token: '', reason: 'failed' });
    expect(refused).toMatchObject({ name: 'AppError', code: 'invalid_input' });
    expect(await outputs('getKey', setting.event)).toMatchObject({ status: 'completed' });
    // The handler of the work.
    const work = await claim({ job: 'handled' });
    await outputs('failKey', { claim_token: work['claim_token'], reason: 'timeout' });
    expect(await claim({ job: 'handled' })).toMatchObject({ proceed: true, attempt: 2 });
  },

  'Replay entire run': async () => {
    await complete(await claim());
    expect(await isStopped()).toBe(true);
    const failed = await claim({ job: 'failed' });
    await outputs('failKey', { claim_token: failed['claim_token'] });
    expect(await claim({ job: 'failed' })).toMatchObject({ proceed: true, attempt: 2 });
    await claim({ job: 'died' });
    setting.world.advance(12 * HOUR);
    expect(await claim({ job: 'died' })).toMatchObject({ proceed: true, attempt: 2 });
  },

  Autoreplay: async () => {
    const run = await claim();
    setting.world.advance(10.6 * HOUR);
    expect(await complete(run)).toMatchObject({ completed: true });
    expect(await outputs('getKey', setting.event)).toMatchObject({ status: 'completed', attempt: 1 });
  },

  'Event after its time': async () => {
    await complete(await claim());
    setting.world.advance(6 * DAY);
    expect(await isStopped()).toBe(true);
    setting.world.advance(2 * DAY);
    const again = await claim();
    expect(again).toMatchObject({ proceed: true, attempt: 1 });
    expect(again['message']).toContain('this run is the first');
    await complete(again);
  },

  'One at a Time For': async () => {
    const ofCustomer = { job: 'letters', group: 'customer-17' };
    const waiting = await claim(ofCustomer);
    const next = { ...ofCustomer, key: `${setting.event.key}-next` };
    expect(await error('claimKey', next)).toMatchObject({ name: 'ThrottledError' });
    setting.world.advance(13 * HOUR);
    await complete(await claim(next));
    const { claim_token } = waiting;
    expect(await error('extendClaim', { claim_token })).toMatchObject({ name: 'AppError' });
    expect(await error('completeKey', { claim_token })).toMatchObject({ name: 'AppError' });
    expect(await claim(ofCustomer)).toMatchObject({ proceed: true, attempt: 2 });
  },
};

const page = readFileSync(join(import.meta.dirname, '../../docs/zapier.md'), 'utf8');
const sections = [...page.matchAll(/^## (.+)$/gm)].map(([, name]) => name);

test('every section is played', () => {
  expect(sections).toEqual(Object.keys(played));
});

test.each(Object.entries(played))('%s', async (_, play) => {
  await expect(play()).resolves.toBeUndefined();
});
