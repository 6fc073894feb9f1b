import { defaultOf, isAsked } from '../src/inputs.ts';
import { operations } from '../src/operations/index.ts';
import type { Operation, PlatformName } from '../src/operations/operation.ts';
import type { Rule } from '../src/rules.ts';

const all: readonly (readonly [string, Operation])[] = Object.entries(operations);
const PLATFORMS: readonly PlatformName[] = ['zapier', 'n8n', 'make', 'node'];

/** Every path that a rule reads. */
function pathsOf(rule: Rule): string[] {
  if (rule === null || typeof rule !== 'object') return [];
  if ('get' in rule) return [rule.get];
  return Object.values(rule).flatMap((part: unknown) =>
    (Array.isArray(part) ? part : [part]).flatMap((each: unknown) =>
      typeof each === 'object' && each !== null && !isRule(each)
        ? Object.values(each).flatMap((inner) => pathsOf(inner as Rule))
        : pathsOf(each as Rule),
    ),
  );
}

const FORMS = 'get is less not all if match first join times cut before after wrap unwrap uuid'.split(' ');
const isRule = (value: object): boolean => {
  const [form, ...more] = Object.keys(value);
  return more.length === 0 && form !== undefined && FORMS.includes(form);
};

test('fields come in this order, with these defaults', () => {
  const shown = all.map(([id, { fields }]) => [
    id,
    fields.map((field) => {
      const defaults = Object.fromEntries(PLATFORMS.map((each) => [each, defaultOf(field, each)]));
      const flags = [
        field.required && 'required',
        field.advanced && 'advanced',
        field.notOn && `not on ${field.notOn.join(', ')}`,
      ];
      const values =
        new Set(Object.values(defaults)).size === 1 ? defaults['node'] : JSON.stringify(defaults);
      return [field.id, field.type, ...flags.filter(Boolean), values ?? '–'].map(String).join(' | ');
    }),
  ]);
  expect(Object.fromEntries(shown)).toMatchSnapshot();
});

test('a claim shows job, key and what happens to a duplicate, unless more is chosen; all else is advanced', () => {
  const shown = (operation: Operation) =>
    operation.fields
      .filter((field) => field.advanced !== true && isAsked(field, { key_from: 'value' }))
      .map(({ id }) => id);
  expect(shown(operations.claimKey)).toEqual(['job', 'key_from', 'key', 'on_duplicate']);
  expect(shown(operations.lockKey)).toEqual(['job', 'key_from', 'key', 'on_duplicate']);
});

describe.each(all)('%s', (id, operation) => {
  test('has its key as its id, and texts that a person can read', () => {
    expect(operation.id).toBe(id);
    expect(operation.description).toMatch(/^[A-Z][a-z]+s .*[^.]\.$/);
    for (const { label } of [operation, ...operation.fields, ...operation.outputs]) {
      expect(label).toMatch(/^[A-Z]/);
    }
    for (const { help } of operation.fields) {
      expect(help.length).toBeLessThanOrEqual(1_000);
      expect(help).toMatch(/[.:]$/);
    }
  });

  test('reads only what there is', () => {
    const inputs = operation.fields.map((field) => `input.${field.id}`);
    const client = ['client.holder', 'client.run', 'client.wait', 'client.result_hash', 'client.origin'];
    for (const request of operation.requests) {
      for (const path of Object.values(request.send).flatMap(pathsOf))
        expect([...inputs, ...client]).toContain(path);
    }
    const before: string[] = [];
    for (const output of operation.outputs) {
      for (const path of pathsOf(output.from).filter((each) => !each.startsWith('answer.'))) {
        expect([...inputs, ...before]).toContain(path);
      }
      before.push(`output.${output.id}`);
    }
    for (const path of pathsOf(operation.then)) expect([...inputs, ...before]).toContain(path);
  });

  test('has a sample of just its outputs, of their types', () => {
    expect(Object.keys(operation.sample)).toEqual(operation.outputs.map((output) => output.id));
    for (const { id: name, type } of operation.outputs) {
      const value = operation.sample[name];
      const types = { text: 'string', integer: 'number', boolean: 'boolean', date: 'string', json: 'object' };
      expect([name, value === null ? types[type] : typeof value]).toEqual([name, types[type]]);
    }
  });
});
