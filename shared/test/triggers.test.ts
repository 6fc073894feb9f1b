import { asText } from '../src/json.ts';
import type { JsonObject } from '../src/json.ts';
import { triggers } from '../src/triggers/index.ts';
import { readHookDelivery, readEvent, sampleOf } from '../src/triggers/read-event.ts';
import type { Trigger } from '../src/triggers/trigger.ts';

const all: readonly (readonly [string, Trigger])[] = Object.entries(triggers);

test('triggers come in this order, each with its event, fields and outputs', () => {
  const shown = all.map(([id, { label, event, fields, outputs }]) => [
    `${id} | ${label} | ${event}`,
    ...fields.map((field) => `  < ${field.id} | ${field.type}`),
    ...outputs.map((output) => `  > ${output.id} | ${output.type}`),
  ]);
  expect(shown).toMatchSnapshot();
});

test('ids and events are each told once', () => {
  for (const member of ['id', 'event', 'label'] as const)
    expect(new Set(all.map(([, trigger]) => trigger[member])).size).toBe(all.length);
});

describe.each(all)('%s', (id, trigger) => {
  test('has its key as its id, and texts that a person can read', () => {
    expect(trigger.id).toBe(id);
    expect(trigger.description).toMatch(/^Triggers when .*[^.]\.$/);
    expect(trigger.todo).toMatch(/^[A-Z].*\.$/);
    for (const { label } of [trigger, ...trigger.fields, ...trigger.outputs])
      expect(label).toMatch(/^[A-Z]\w*( ([A-Z]\w*|and|to))*$/);
    for (const { help } of trigger.fields) expect(help).toMatch(/\.$/);
  });

  test('reads no more of an event than there is', () => {
    const read = new Set<string>();
    const event = new Proxy(trigger.sampleEvent, {
      getOwnPropertyDescriptor: (target, name) => {
        read.add(String(name));
        return Reflect.getOwnPropertyDescriptor(target, name);
      },
    });
    readEvent(trigger, event);
    const members = Object.keys(trigger.sampleEvent);
    expect(members).toEqual(expect.arrayContaining([...read]));
  });

  test('has a sample of just its outputs, of their types', () => {
    const sample = sampleOf(trigger);
    expect(sample).toEqual(readEvent(trigger, trigger.sampleEvent));
    expect(Object.keys(sample)).toEqual(trigger.outputs.map((output) => output.id));
    const types = { text: 'string', integer: 'number', boolean: 'boolean', date: 'string', json: 'object' };
    for (const output of trigger.outputs) {
      const value = sample[output.id];
      expect([output.id, value === null ? types[output.type] : typeof value]).toEqual([
        output.id,
        types[output.type],
      ]);
    }
  });

  test('says which key, when, and what to do', () => {
    const { message } = sampleOf(trigger);
    const { key } = trigger.sampleEvent;
    expect(message).toBe(
      `${trigger.label}: “${asText(key)}” on 25 Nov, 10:30 UTC, on n8n, in “Order intake”. ${trigger.todo}` +
        ' The run: https://n8n.example.com/workflow/wf1/executions/231',
    );
  });

  test('takes its own event only', () => {
    const data: JsonObject = { ...trigger.sampleEvent, id: '7' };
    expect(readHookDelivery(trigger, { type: trigger.event, data })).toMatchObject({ id: '7' });
    expect(readHookDelivery(trigger, { type: 'other', data })).toBeUndefined();
    for (const body of [null, 'text', [], {}, { type: trigger.event }, { type: trigger.event, data: [] }])
      expect(readHookDelivery(trigger, body)).toBeUndefined();
  });
});

test('what an event does not say is null', () => {
  expect(readEvent(triggers.runDied, { id: '7' })).toMatchObject({ id: '7', job: null, attempt: null });
});
