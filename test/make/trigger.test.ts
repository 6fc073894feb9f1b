import { sampleOf, type Trigger } from '@onceonly/shared';
import { triggersAsShown } from '@onceonly/shared/sentence-case.ts';
import { loadApp, type LoadedApp } from './engine/app.ts';
import { receive, type Attached } from './engine/webhook.ts';

let app: LoadedApp;
beforeAll(async () => {
  app = await loadApp();
});

const all: readonly (readonly [string, Trigger])[] = Object.entries(triggersAsShown);

const attached = (id: string): Attached => {
  const webhook = app.webhooks[id];
  if (webhook === undefined) throw new Error(`There is no webhook ${id}.`);
  return { webhook, parameters: {}, kept: { externalHookId: 'hook_1' } };
};

const bodyOf = ({ event, sampleEvent }: Trigger, type: string = event): string =>
  JSON.stringify({ type, timestamp: '2026-11-25T10:30:00.000Z', data: sampleEvent });

describe.each(all)('the trigger %s', (id, trigger) => {
  test('is woken by its own event, and takes of the delivery only what the event is found by', () => {
    const { id: event, key } = trigger.sampleEvent;
    expect(receive(attached(id), bodyOf(trigger))).toEqual({ status: 200, payload: { id: event, key } });
  });

  test('passes over another event, which is no fault', () => {
    expect(receive(attached(id), bodyOf(trigger, 'completed'))).toEqual({ status: 200 });
  });

  test('shows samples, fields and types of the shared definition', () => {
    const module = app.modules[id];
    const types = { text: 'text', integer: 'integer', boolean: 'boolean', date: 'date', json: 'any' };
    expect(module).toMatchObject({ type: 'instant_trigger', webhook: id, parameters: [] });
    expect(module?.samples).toEqual(sampleOf(trigger));
    expect(module?.interface.map(({ name, type }) => [name, type])).toEqual(
      trigger.outputs.map((output) => [output.id, types[output.type]]),
    );
    expect(app.webhooks[id]?.parameters.map(({ name, required }) => [name, required])).toEqual(
      trigger.fields.map((field) => [field.id, field.required ?? false]),
    );
  });
});

test.each(['', '{"type":', 'null', '"run_died"', '{}'])('what is no event (%j) wakes nobody', (body) => {
  expect(receive(attached('runDied'), body)).not.toHaveProperty('payload');
});
