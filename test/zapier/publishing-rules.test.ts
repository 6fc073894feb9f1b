import type { Create, PlainInputField, PlainOutputField, Search, Trigger } from 'zapier-platform-core';
import { connectionFields, operations, triggers } from '@onceonly/shared';
import packageJson from '../../zapier-app/package.json' with { type: 'json' };
import { useZapier } from './setting.ts';
import { misfits } from './types.ts';

/** What Zapier asks for before it publishes an app, and no local command of Zapier's looks at. */

type Shown = Create | Search | Trigger;
type Action = { readonly path: string; readonly inputs: readonly PlainInputField[] } & Shown;

const setting = useZapier();
let actions: readonly Action[];

beforeEach(async () => {
  const app = (await setting.zapier.definition()) as Record<string, Record<string, Shown>>;
  const named = ['triggers', 'creates', 'searches'].flatMap((kind) =>
    Object.entries(app[kind] ?? {}).map(([id, action]) => ({ path: `${kind}.${id}`, action })),
  );
  actions = await Promise.all(
    named.map(async ({ path, action }) => ({ ...action, path, inputs: await inputsOf(path) })),
  );
});

type Chosen = Readonly<Record<string, string>>;

const fieldsFor = async (path: string, chosen: Chosen): Promise<readonly PlainInputField[]> =>
  (await setting.zapier.execute(`${path}.operation.inputFields`, chosen)) as PlainInputField[];

const valuesOf = ({ choices, type }: PlainInputField): readonly string[] =>
  type === 'boolean' ? ['true', 'false'] : Object.keys(choices ?? {});

/** Every input that can be met: for each value of each field that brings others, whatever else is chosen beside it. */
async function inputsOf(path: string): Promise<readonly PlainInputField[]> {
  const found = new Map<string, PlainInputField>();
  const asked = new Set<string>();
  const queue: Chosen[] = [{}];
  for (const chosen of queue) {
    if (asked.has(JSON.stringify(chosen))) continue;
    asked.add(JSON.stringify(chosen));
    for (const field of await fieldsFor(path, chosen)) {
      found.set(`${field.key} ${String(field.type)} ${String(field.required)}`, field);
      if (field.altersDynamicFields !== true || field.key in chosen) continue;
      for (const value of valuesOf(field)) queue.push({ ...chosen, [field.key]: value });
    }
  }
  return [...found.values()];
}

test('every combination of the fields that bring others is looked at', () => {
  const { inputs = [] } = actions.find(({ key }) => key === 'claimKey') ?? {};
  const keys = inputs.map(({ key }) => key);
  expect(keys).toEqual(
    expect.arrayContaining(['key', 'headers', 'fields', 'leave_out', 'source', 'require_signature', 'url']),
  );
});

const isTrigger = ({ path }: Pick<Action, 'path'>): boolean => path.startsWith('triggers.');
const outputsOf = ({ operation }: Action): readonly PlainOutputField[] =>
  operation.outputFields as PlainOutputField[];
const sampleOf = ({ operation }: Action): Readonly<Record<string, unknown>> => operation.sample ?? {};

/** Small words stay small, unless they come first or last. */
const SMALL = /^(a|an|and|as|at|but|by|for|from|in|into|of|on|or|the|to|up|with)$/;
const isTitleCase = (label: string): boolean => {
  const words = label
    .replace(/[^\p{L}\p{N} ]/gu, '')
    .split(/ +/)
    .filter((word) => word !== '');
  return words.every(
    (word, at) => (SMALL.test(word) && at > 0 && at < words.length - 1) || /^[\p{Lu}\p{N}]/u.test(word),
  );
};

test('labels are in title case', () => {
  const labels = actions.flatMap((action) => [
    action.display.label,
    ...action.inputs.map(({ label }) => label),
    ...outputsOf(action).map(({ label }) => label),
  ]);
  labels.push(...connectionFields.map(({ label }) => label));
  expect(labels.filter((label) => label === undefined || !isTitleCase(label))).toEqual([]);
});

test('descriptions are a sentence that starts with a verb in -s', () => {
  for (const { display, path } of actions) {
    expect(display.description).toMatch(/^[A-Z][a-z]+s .*[^.]\.$/);
    expect([path, String(display.description).startsWith('Triggers when ')]).toEqual([
      path,
      isTrigger({ path }),
    ]);
    expect(display.description).not.toMatch(/zapier/i);
  }
});

test('every action is looked at', () => {
  expect(actions.map(({ key }) => key).sort()).toEqual(
    [...Object.keys(operations), ...Object.keys(triggers)].sort(),
  );
});

test('every action has a sample of its outputs, key by key and type by type', () => {
  for (const action of actions) {
    const [sample, fields] = [sampleOf(action), outputsOf(action)];
    expect([action.key, Object.keys(sample)]).toEqual([action.key, fields.map(({ key }) => key)]);
    expect([action.key, misfits(sample, fields)]).toEqual([action.key, []]);
  }
});

test('what an action or a trigger gives has an id', () => {
  for (const action of actions) {
    expect(sampleOf(action)['id']).toEqual(expect.any(String));
  }
});

test('a trigger is instant, and can be tried before anything happens', () => {
  for (const { operation } of actions.filter(isTrigger)) {
    expect(operation).toMatchObject({
      type: 'hook',
      performList: expect.any(String),
      performSubscribe: expect.any(String),
      performUnsubscribe: expect.any(String),
    });
  }
});

test('every input says what to enter, with a default that is text', () => {
  for (const { path, inputs } of actions) {
    for (const { key, label, helpText = '', default: value } of inputs) {
      expect([path, key, typeof label]).toEqual([path, key, 'string']);
      expect(helpText).toMatch(/\S/);
      expect(helpText.length).toBeLessThanOrEqual(1_000);
      expect(['string', 'undefined']).toContain(typeof value);
    }
  }
});

test('no input is an ID to be typed in, nor an API key', () => {
  for (const input of actions.flatMap(({ inputs }) => inputs)) {
    expect(input.label).not.toMatch(/\bIDs?$/);
    expect(`${input.key} ${String(input.label)}`).not.toMatch(/api.?key|password|secret/i);
    expect(input.type).not.toBe('password');
  }
});

test('a default of a dropdown is one of its choices', () => {
  const wrong = actions
    .flatMap(({ inputs }) => inputs)
    .filter(
      ({ choices, default: value }) =>
        choices !== undefined && value !== undefined && !Object.hasOwn(choices, value),
    );
  expect(wrong).toEqual([]);
});

test('the API key is a password, and the connection has a label', async () => {
  const { authentication } = (await setting.zapier.definition()) as {
    authentication: { fields: PlainInputField[]; connectionLabel: unknown };
  };
  expect(authentication.fields.map(({ key, type }) => [key, type])).toEqual([
    ['apiKey', 'password'],
    ['baseUrl', 'string'],
    ['signingSecrets', 'text'],
  ]);
  expect(authentication.connectionLabel).toBeTruthy();
  // D002: where the key is found.
  expect(authentication.fields[0]?.helpText).toMatch(/\[[^\]]+\]\(https:\/\/[^)]+\)/);
  // What is a secret there is censored in logs: only what says so is not.
  expect(authentication.fields.filter((field) => 'isNoSecret' in field).map(({ key }) => key)).toEqual([
    'baseUrl',
  ]);
});

test('a search is named so, and every description is of the length that is asked for', () => {
  const searches = actions.filter(({ path }) => path.startsWith('searches.'));
  expect(searches.map(({ display }) => String(display.label).split(' ')[0])).toEqual(['Find']);
  for (const { display } of actions) {
    expect(String(display.description).length).toBeLessThanOrEqual(140);
  }
});

test("the app's description is of the length that is asked for, and does not name Zapier", () => {
  const { description } = packageJson;
  expect(description).toMatch(/^OnceOnly is an? /);
  expect(description.length).toBeGreaterThanOrEqual(40);
  expect(description.length).toBeLessThanOrEqual(140);
  expect(description).not.toMatch(/zapier/i);
});
