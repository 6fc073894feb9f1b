import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { operations, sampleOf, triggers, type Operation } from '@onceonly/shared';
import { LIMITS } from '@onceonly/shared/limits.ts';
import { asText } from '@onceonly/shared/json.ts';
import { generatedFiles } from '../../make-app/src/app-files.ts';
import type { Members } from '../../make-app/src/json.ts';
import { namesAsShown, sentenceCase, triggersAsShown } from '@onceonly/shared/sentence-case.ts';
import { readApp } from '../../make-app/src/validate/read-app.ts';
import { checkBlueprint } from '../../make-app/src/validate/blueprints.ts';
import { validate } from '../../make-app/src/validate/validate.ts';
import { APP_FOLDER, loadApp } from './engine/app.ts';

const BLUEPRINTS = join(APP_FOLDER, '../blueprints');

test('the forms are what the operations generate: run npm run generate -w make-app', async () => {
  const { files } = await readApp(APP_FOLDER);
  for (const [path, contents] of generatedFiles()) expect([path, files.get(path)]).toEqual([path, contents]);
});

test('the committed app is valid', async () => {
  expect(validate(await readApp(APP_FOLDER))).toEqual([]);
});

test('every blueprint can be imported, and its modules fit the app', async () => {
  const app = await readApp(APP_FOLDER);
  const names = await readdir(BLUEPRINTS);
  expect(names).toEqual(['once.json', 'run-died.json']);
  for (const name of names) {
    const blueprint = JSON.parse(await readFile(join(BLUEPRINTS, name), 'utf8')) as Members;
    expect([...checkBlueprint(app, name, blueprint)]).toEqual([]);
  }
});

test('a blueprint posts that a run died: key, job, when and what to do', async () => {
  const text = await readFile(join(BLUEPRINTS, 'run-died.json'), 'utf8');
  const { flow } = JSON.parse(text) as {
    flow: { module: string; mapper: { formDataFields?: { key: string; value: string }[] } }[];
  };
  expect(flow[0]?.module).toBe('app#onceonly:runDied');
  const sample = sampleOf(triggersAsShown.runDied);
  const message = flow[1]?.mapper.formDataFields?.[0]?.value.replace(/\{\{1\.(\w+)\}\}/g, (_, name: string) =>
    asText(sample[name]),
  );
  expect(message).toBe(
    [
      'Run Died: “orders:evt_1N3T00LkdIwHu7ix” on 25 Nov, 10:30 UTC, on n8n, in “Order intake”. ' +
        `${triggersAsShown.runDied.todo} The run: https://n8n.example.com/workflow/wf1/executions/231`,
      'Job: orders',
      'Key: evt_1N3T00LkdIwHu7ix',
      'When: 2026-11-25T10:30:00.000Z',
    ].join('\n'),
  );
});

describe('modules', () => {
  test('there is one for every trigger and operation, and two of Make’s own', async () => {
    const { modules, webhooks } = await loadApp();
    expect(Object.keys(modules)).toEqual([
      ...Object.keys(triggers),
      ...Object.keys(operations),
      'listKeys',
      'makeApiCall',
    ]);
    expect(Object.keys(webhooks)).toEqual(Object.keys(triggers));
  });

  test('only those are searches that may end a route', async () => {
    const { modules } = await loadApp();
    const typed = Object.entries(modules)
      .filter(([, { webhook }]) => webhook === '')
      .map(([id, { type }]) => [id, type]);
    expect(Object.fromEntries(typed)).toEqual({
      claimKey: 'search',
      completeKey: 'action',
      failKey: 'action',
      extendClaim: 'search',
      releaseKey: 'action',
      getKey: 'action',
      lockKey: 'search',
      listKeys: 'search',
      makeApiCall: 'universal',
    });
  });

  const all: readonly Operation[] = Object.values(operations);
  test.each(all.map((each) => [each.id, each] as const))(
    '%s gives what the other platforms give, name for name and type for type',
    async (id, operation) => {
      const module = (await loadApp()).modules[id];
      const types = { text: 'text', integer: 'integer', boolean: 'boolean', date: 'date', json: 'any' };
      expect(module?.interface.map(({ name, type }) => [name, type])).toEqual(
        operation.outputs.map((output) => [output.id, types[output.type]]),
      );
      // Make holds a claim for an hour.
      const held = 'expires_at' in operation.sample && { expires_at: '2026-11-25T11:30:00.000Z' };
      expect(module?.samples).toEqual({ ...operation.sample, ...held });
    },
  );

  test('fields that other platforms hide are advanced, but for the run reference', async () => {
    const { modules } = await loadApp();
    const shown = modules['claimKey']?.parameters.filter(({ advanced }) => advanced !== true);
    expect(shown?.map(({ name }) => name)).toEqual(['job', 'key_from', 'on_duplicate', 'run_reference']);
  });

  test('the page that Make shows says how much may be sent, and how no event is lost', async () => {
    const readme = await readFile(join(APP_FOLDER, 'README.md'), 'utf8');
    for (const bytes of [LIMITS.bodyBytes, LIMITS.resultBytes])
      expect(readme).toContain(`${String(bytes / 1_024)} KiB`);
    expect(readme).toContain('`/v1/events?type=run_died`');
    const { webhooks } = await loadApp();
    for (const { parameters } of Object.values(webhooks))
      expect(parameters.at(0)?.['help']).toContain('Add the error handler Break to this module');
  });

  test('a check says before it is made that some services answer duplicates with an error', async () => {
    const { lockKey } = (await loadApp()).modules;
    const field = lockKey?.parameters.find(({ name }) => name === 'on_duplicate');
    expect(field?.['help']).toContain('add the error handler Ignore');
  });

  test('the run reference names what Make has for it, and what happens without', async () => {
    const { modules } = await loadApp();
    const helpOf = (id: string) =>
      String(modules[id]?.parameters.find(({ name }) => name === 'run_reference')?.['help']);
    for (const id of ['claimKey', 'lockKey']) {
      expect(helpOf(id)).toContain('map `{{uuid}}` from the step before');
      expect(helpOf(id)).toContain('docs/fields.md#run-reference');
    }
    const page = await readFile(join(APP_FOLDER, '../../docs/fields.md'), 'utf8');
    const both = ['Execution ID', 'Bundle order position', 'Never map the key', 'the work stays undone'];
    for (const part of [...both, 'Run Died', 'dashboard', 'Try again later', 'Nobody tells'])
      expect(page).toContain(part);
    const readme = await readFile(join(APP_FOLDER, 'README.md'), 'utf8');
    for (const part of ['answer to a claim is lost', 'run died', 'dashboard', 'Try again later'])
      expect(readme).toContain(part);
  });
});

test.each([
  ['Check & Claim Key', 'Check & claim key'],
  ['When It Is a Duplicate', 'When it is a duplicate'],
  ['API Key', 'API key'],
  ['Base URL', 'Base URL'],
  ['Hold For (Minutes)', 'Hold for (minutes)'],
  ['When OnceOnly Cannot Be Reached', 'When OnceOnly cannot be reached'],
])('%s is shown as %s', (title, shown) => {
  expect(sentenceCase(title)).toBe(shown);
});

test('help speaks of modules and fields as they are shown', () => {
  expect(namesAsShown('Map the Claim Token of "Check & Claim Key".')).toBe(
    'Map the Claim token of "Check & claim key".',
  );
});
