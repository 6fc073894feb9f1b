import axios from 'axios';
import { isObject, type Json } from '@onceonly/shared/json.ts';
import { runOn, type Effect } from '../effects/runs.ts';
import { stripe } from '../sources/senders/stripe.ts';
import { continued, type Outcome, type Platform } from '../platforms/platform.ts';
import { openWorld, sqlite, type World, type WorldOptions } from '../world.ts';
import { openCrm, type Contact, type Crm } from './crm.ts';
import { cellOf, HABITS, type Habit, type PlatformName } from './guide.ts';
import { filled, filledFrom } from './triggers.ts';

const OWN_WRITE = 'My own write starts my automation again';

/** Of one object, the second of them later. */
const STRIPE_CHANGES = [0, 8] as const;

/** What is entered, filled in from what the trigger hands over: the body of a webhook, or the answer of the user's own write. */
function entered(platform: PlatformName, title: Habit, body: Json): Record<string, unknown> {
  const delivery = { payload: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  const trigger = cellOf(title, 'Trigger', platform);
  return Object.fromEntries(
    Object.entries<string>(HABITS[title].enter)
      .filter(([field]) => field !== 'written')
      .map(([field, name]) => [field, filled(platform, cellOf(title, name, platform), trigger, delivery)]),
  );
}

const HOLD_MINUTES = 10;

/** For a test file: the ways of building that have a guide, on a platform. */
export function useHabits(
  on: PlatformName,
  open: (world: World) => Promise<Platform>,
  options: WorldOptions = {},
): Record<string, () => Promise<void>> {
  let world: World;
  let crm: Crm;
  let platform: Platform;
  beforeEach(async () => {
    [world, crm] = await Promise.all([openWorld(sqlite, options), openCrm()]);
    platform = await open(world);
  });
  afterEach(async () => {
    await platform.close();
    await crm.close();
    await world.close();
  });

  const write = async (id: string, reference: string): Promise<Contact> =>
    (await axios.post<Contact>(crm.url, { id, reference }, { proxy: false })).data;
  const written = (): readonly string[] => crm.writes.map(({ reference }) => reference);
  const dies = async (inputs: Record<string, unknown>, effect: Effect): Promise<void> => {
    await effect(continued(await platform.run('claimKey', inputs)));
    world.advance(HOLD_MINUTES * 60_000);
  };

  return {
    'One at a time per customer': async () => {
      const book = (order: string, customer: string, effect?: Effect, more = {}): Promise<Outcome> => {
        const inputs = {
          job: 'book order',
          ...entered(on, 'One at a time per customer', { order, customer }),
          ...more,
        };
        return runOn(platform, inputs, effect ?? (() => write(customer, order)));
      };
      const during: Outcome[] = [];
      await book('1001', '17', async () => {
        during.push(await book('1002', '17'), await book('1003', '18'));
        during.push(await book('1004', '17', undefined, { group: undefined }));
        await write('17', '1001');
      });
      expect(during.map(({ kind }) => kind)).toEqual(['later', 'continued', 'continued']);
      expect(written()).toEqual(['1003', '1004', '1001']);
      // Tried again by the platform, and then delivered again by the sender.
      expect(await book('1002', '17')).toMatchObject({ kind: 'continued' });
      expect(await book('1002', '17')).toMatchObject({ kind: 'stopped' });
      expect(written()).toEqual(['1003', '1004', '1001', '1002']);
    },

    'Changes of a record': async () => {
      const change = (name: string, updated_at: string, more = {}): Promise<Outcome> => {
        const inputs = {
          job: 'sync contact',
          ...entered(on, 'Changes of a record', { id: '17', updated_at }),
          ...more,
        };
        return runOn(platform, inputs, () => write('17', name));
      };
      await change('newer', '2026-11-25T08:00:02Z');
      const outcomes = [
        await change('newer', '2026-11-25T08:00:02Z'),
        await change('older', '2026-11-25T08:00:01Z'),
        await change('newest', '2026-11-25T08:00:03Z'),
      ];
      expect(outcomes.map(({ kind }) => kind)).toEqual(['stopped', 'stopped', 'continued']);
      expect(written()).toEqual(['newer', 'newest']);

      const cleared = await clearMark(world, 'sync contact:17');
      expect(cleared).toMatchObject({ newest: '2026-11-25T08:00:03Z' });
      await change('restored', '2026-11-25T07:00:00Z');
      expect(written().at(-1)).toBe('restored');

      // What stays: a run that writes, dies and never comes again, and an older one after it.
      const last = {
        job: 'sync contact',
        hold_minutes: HOLD_MINUTES,
        ...entered(on, 'Changes of a record', { id: '17', updated_at: '2026-11-25T08:00:09Z' }),
      };
      await dies(last, () => write('17', 'died'));
      await change('before it', '2026-11-25T08:00:08Z');
      expect(written().slice(3)).toEqual(['died', 'before it']);
      const asks = { ...last, key: '18', if_run_died: 'block' };
      await dies(asks, () => write('18', 'died'));
      expect(await change('before it', '2026-11-25T08:00:08Z', { key: '18' })).toMatchObject({
        kind: 'told',
      });
      expect(written().slice(5)).toEqual(['died']);
    },

    'Stripe: an older change does not follow a newer one': async () => {
      const [older, newer] = STRIPE_CHANGES;
      const change = async (event: number, attempt: number, from: object): Promise<unknown> => {
        const { payload } = stripe.deliver(event, attempt);
        const { key, group, sequence } = entered(on, 'Stripe', JSON.parse(payload) as Json);
        const inputs = { job: 'sync', key, group, sequence, payload, ...from };
        const { kind } = await runOn(platform, inputs, () => write(String(group), String(key)));
        return kind;
      };
      for (const from of [{ payload: undefined }, { key: undefined, job: 'detected', key_from: 'detect' }]) {
        const kinds = [
          await change(newer, 0, from),
          await change(newer, 1, from),
          await change(older, 0, from),
        ];
        expect(kinds).toEqual(['continued', 'stopped', 'stopped']);
      }
      expect(crm.writes).toHaveLength(2);
    },

    'My own write starts my automation again': async () => {
      const writtenKey = (answer: Contact): unknown =>
        filledFrom(on, cellOf(OWN_WRITE, HABITS[OWN_WRITE].enter.written, on), asJson(answer));
      const mark = (key: unknown, on_duplicate: string): Promise<Outcome> =>
        platform.run('lockKey', { job: 'contact written', key, on_duplicate });
      /** One run of the automation, by a record that was changed. */
      const run = async (body: Contact): Promise<Outcome> => {
        const first = await mark(entered(on, OWN_WRITE, asJson(body))['key'], 'stop');
        if (first.kind !== 'continued') return first;
        return mark(writtenKey(await write(body.id, 'by the automation')), 'continue');
      };
      const byPerson = await write('17', 'by a person');
      expect(await run(byPerson)).toMatchObject({ outputs: { proceed: true } });
      expect(await run(lastOf(crm))).toMatchObject({ kind: 'stopped' });
      const again = await write('17', 'by a person');
      expect(await run(again)).toMatchObject({ outputs: { proceed: true } });
      expect(await run(lastOf(crm))).toMatchObject({ kind: 'stopped' });
      expect(written()).toEqual(Array.from({ length: 2 }, () => ['by a person', 'by the automation']).flat());

      // An instant trigger, which starts the run before the write is answered: the run waits, and then finds the mark.
      const inTurn = async (body: Contact, write: (id: string) => Promise<Contact>): Promise<Outcome> => {
        const fields = entered(on, OWN_WRITE, asJson(body));
        const inputs = { job: 'sync contact', hold_minutes: HOLD_MINUTES, ...fields };
        return runOn(platform, inputs, async () => {
          const marked = { job: 'contact written', key: fields['key'] };
          if (continued(await platform.run('getKey', marked))['exists'] === true) return;
          const key = writtenKey(await write(body.id));
          await runOn(platform, { ...marked, key }, () => Promise.resolve());
        });
      };
      const inTurnWrite = (id: string) => write(id, 'in turn');
      const person = await write('19', 'by a person');
      const early: Outcome[] = [];
      crm.tell(async (of) => early.push(await inTurn(of, inTurnWrite)));
      const meanwhile = { ...person, updated_at: '2026-11-25T08:00:30.000Z' };
      await inTurn(person, async (id) => {
        early.push(await inTurn(meanwhile, inTurnWrite));
        return inTurnWrite(id);
      });
      expect(early.map(({ kind }) => kind)).toEqual(['later', 'later']);
      crm.tell(() => Promise.resolve());
      await inTurn(lastOf(crm), inTurnWrite);
      expect(written().slice(4)).toEqual(['by a person', 'in turn']);
      // What a person changed in between is done, although the write was later.
      await inTurn(meanwhile, inTurnWrite);
      expect(written().slice(6)).toEqual(['in turn']);
      // A run that dies before its write is done again.
      const next = await write('19', 'by a person');
      const begun = Promise.withResolvers<undefined>();
      void inTurn(next, () => {
        begun.resolve(undefined);
        return new Promise(() => undefined);
      });
      await begun.promise;
      world.advance(HOLD_MINUTES * 60_000);
      await inTurn(next, inTurnWrite);
      expect(written().slice(7)).toEqual(['by a person', 'in turn']);
    },

    'Look before you repeat': async () => {
      const claim = (order: string) => ({
        job: 'create invoice',
        hold_minutes: HOLD_MINUTES,
        ...entered(on, 'Look before you repeat', { order }),
      });
      const create: Effect = ({ idempotency_key }) => write('invoice', String(idempotency_key));
      const lookThenCreate: Effect = async (claimed) => {
        if (Number(claimed['attempt']) > 1) {
          const params = { reference: claimed['idempotency_key'] };
          const { data } = await axios.get<{ results: Contact[] }>(crm.url, { params, proxy: false });
          if (data.results.length > 0) return data.results[0];
        }
        return create(claimed);
      };
      await dies(claim('1001'), create);
      expect(await runOn(platform, claim('1001'), lookThenCreate)).toMatchObject({ kind: 'continued' });
      expect(crm.writes).toHaveLength(1);
      await dies(claim('1002'), () => Promise.resolve());
      await runOn(platform, claim('1002'), lookThenCreate);
      expect(new Set(written()).size).toBe(2);
      // Whoever does not look makes a second one, which its reference shows.
      await dies(claim('1003'), create);
      await runOn(platform, claim('1003'), create);
      expect(crm.writes).toHaveLength(4);
      expect(new Set(written()).size).toBe(3);
    },

    'Watch first': async () => {
      const run = async (on_duplicate: string): Promise<unknown> => {
        let stopped: unknown;
        const outcome = await runOn(
          platform,
          { job: 'fulfil order', key: '1001', on_duplicate },
          (claimed) => {
            stopped = claimed['would_have_stopped'];
            return write('1001', on_duplicate);
          },
        );
        return outcome.kind === 'continued' ? stopped : outcome.kind;
      };
      expect([await run('watch'), await run('watch'), await run('watch')]).toEqual([false, true, true]);
      expect(await run('stop')).toBe('stopped');
      expect(written()).toEqual(['watch', 'watch', 'watch']);
      expect(await countsOf(world)).toMatchObject({ claimed: 1, completed: 1, watched: 2, duplicate: 1 });
    },
  };
}

const asJson = (contact: Contact): Json => ({ ...contact });

function lastOf({ writes }: Crm): Contact {
  const last = writes.at(-1);
  if (last === undefined) throw new Error('Nothing was written.');
  return last;
}

/** What the dashboard shows, by type. */
export async function countsOf({ baseUrl, operatorKey }: World): Promise<Json> {
  const headers = { authorization: `Bearer ${operatorKey}` };
  const { items } = (await (await fetch(`${baseUrl}/v1/metrics`, { headers })).json()) as { items: Json[] };
  const [today = null] = items;
  return isObject(today) ? (today['counts'] ?? null) : null;
}

/** As `onceonly-server clear-mark` asks it. */
async function clearMark({ baseUrl, operatorKey }: World, group: string): Promise<unknown> {
  const headers = { authorization: `Bearer ${operatorKey}`, 'content-type': 'application/json' };
  const asked = { method: 'POST', headers, body: JSON.stringify({ group }) };
  return (await fetch(`${baseUrl}/v1/groups/clear-mark`, asked)).json();
}
