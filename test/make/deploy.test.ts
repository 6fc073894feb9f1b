import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployCommand } from '../../make-app/src/deploy/command.ts';
import type { Value } from '../../make-app/src/json.ts';
import { type App, appOf, readApp } from '../../make-app/src/validate/read-app.ts';
import { APP_FOLDER } from './engine/app.ts';
import { type MakeApi, openMakeApi } from './make-api.ts';

const TOKEN = '2f6c1b1e-0000-4000-8000-make-secret';

let app: App;
let make: MakeApi;
let folder: string;
beforeAll(async () => {
  app = await readApp(APP_FOLDER);
  folder = await mkdtemp(join(tmpdir(), 'make-app-'));
  await cp(join(APP_FOLDER, '../blueprints'), join(folder, 'blueprints'), { recursive: true });
});
afterAll(() => rm(folder, { recursive: true }));
beforeEach(async () => {
  make = await openMakeApi(TOKEN);
});
afterEach(() => make.close());

async function run(
  args: readonly string[] = [],
  files: App = app,
  token = TOKEN,
): Promise<{ code: number; said: string }> {
  const lines: string[] = [];
  const code = await deployCommand({
    env: { MAKE_TOKEN: token, MAKE_ZONE: make.zone },
    args,
    app: files,
    blueprints: join(folder, 'blueprints'),
    say: (line) => lines.push(line),
    pauseMs: 1,
  });
  return { code, said: lines.join('\n') };
}

const writes = (): string[] => make.requests.filter((each) => !each.startsWith('GET '));

const APP = '/onceonly-k3x9/1';

test('the first deploy creates the app with all its parts', async () => {
  const { code, said } = await run();
  expect(code).toBe(0);
  expect(said).toContain('create app onceonly');
  expect(said).toContain('The app is onceonly-k3x9');
  expect(make.apps).toHaveLength(1);
  const [actions, instant] = [false, true].map((wanted) =>
    [...make.modules.values()].filter(({ typeId }) => (typeId === 10) === wanted),
  );
  expect(instant?.map(({ name, connection, webhook }) => [name, connection, webhook])).toEqual([
    ['runDied', 'onceonly-k3x9', 'onceonly-k3x91'],
    ['keyFailed', 'onceonly-k3x9', 'onceonly-k3x92'],
    ['keyExhausted', 'onceonly-k3x9', 'onceonly-k3x93'],
    ['needsDecision', 'onceonly-k3x9', 'onceonly-k3x94'],
    ['duplicateStopped', 'onceonly-k3x9', 'onceonly-k3x95'],
  ]);
  expect(make.webhooks.get('onceonly-k3x91')).toMatchObject({
    ...{ label: 'Run died', type: 'web', connection: 'onceonly-k3x9' },
  });
  expect(actions?.map(({ name, typeId, connection }) => [name, typeId, connection])).toEqual([
    ['claimKey', 9, 'onceonly-k3x9'],
    ['completeKey', 4, 'onceonly-k3x9'],
    ['failKey', 4, 'onceonly-k3x9'],
    ['extendClaim', 9, 'onceonly-k3x9'],
    ['releaseKey', 4, 'onceonly-k3x9'],
    ['getKey', 4, 'onceonly-k3x9'],
    ['lockKey', 9, 'onceonly-k3x9'],
    ['listKeys', 9, 'onceonly-k3x9'],
    ['makeApiCall', 12, 'onceonly-k3x9'],
  ]);
  expect(make.modules.get('makeApiCall')).toMatchObject({ subtype: 'Universal', label: 'Make an API call' });
});

test('the scenarios to import are written with the name that Make gave the app', async () => {
  expect((await run()).said).toContain(`scenarios to import are in ${folder}/blueprints-onceonly-k3x9.`);
  const once = await readFile(join(folder, 'blueprints-onceonly-k3x9/once.json'), 'utf8');
  expect(once.match(/app#[\w-]+:\w+/g)).toEqual([
    'app#onceonly-k3x9:claimKey',
    'app#onceonly-k3x9:completeKey',
  ]);
});

test('every section arrives as it is in its file', async () => {
  await run();
  const files: Record<string, string> = {
    [`${APP}/base`]: 'general/base.iml.json',
    [`${APP}/groups`]: 'modules/groups.json',
    '/connections/onceonly-k3x9/api': 'connections/onceonly/onceonly.communication.iml.json',
    '/connections/onceonly-k3x9/parameters': 'connections/onceonly/onceonly.params.iml.json',
    '/webhooks/onceonly-k3x91/api': 'webhooks/runDied/run-died.communication.iml.json',
    '/webhooks/onceonly-k3x91/parameters': 'webhooks/runDied/run-died.params.iml.json',
    '/webhooks/onceonly-k3x91/attach': 'webhooks/runDied/run-died.attach.iml.json',
    '/webhooks/onceonly-k3x91/detach': 'webhooks/runDied/run-died.detach.iml.json',
    [`${APP}/modules/runDied/interface`]: 'modules/runDied/run-died.interface.iml.json',
    [`${APP}/modules/claimKey/api`]: 'modules/claimKey/claim-key.communication.iml.json',
    [`${APP}/modules/claimKey/expect`]: 'modules/claimKey/claim-key.mappable-params.iml.json',
    [`${APP}/modules/claimKey/interface`]: 'modules/claimKey/claim-key.interface.iml.json',
    [`${APP}/modules/claimKey/samples`]: 'modules/claimKey/claim-key.samples.iml.json',
  };
  for (const [path, file] of Object.entries(files)) {
    const section = make.sections.get(path);
    expect([path, section?.type]).toEqual([path, 'application/jsonc']);
    expect([path, JSON.parse(section?.text ?? '')]).toEqual([path, app.files.get(file)]);
  }
  expect(make.sections.get(`${APP}/readme`)).toEqual({
    type: 'text/markdown',
    text: app.files.get('README.md'),
  });
});

test('connections come before webhooks, webhooks before modules, modules before their groups', async () => {
  await run();
  const order = ['/connections', '/webhooks', '/1/modules', '/1/groups'].map((part) =>
    writes().findIndex((each) => each.endsWith(part)),
  );
  expect(order).not.toContain(-1);
  expect(order).toEqual([...order].sort((left, right) => left - right));
  const lastOf = (part: string): number => writes().findLastIndex((each) => each.includes(part));
  expect(lastOf('/webhooks')).toBeLessThan(writes().findIndex((each) => each.endsWith('/1/modules')));
});

test('a webhook or a trigger that somebody tied otherwise is tied as it was', async () => {
  await run();
  make.webhooks.set('onceonly-k3x91', { ...make.webhooks.get('onceonly-k3x91'), connection: null });
  make.modules.set('keyFailed', { ...make.modules.get('keyFailed'), webhook: 'onceonly-k3x91' });
  make.requests.length = 0;
  await run();
  expect(writes()).toEqual([
    'PATCH /api/v2/sdk/apps/webhooks/onceonly-k3x91',
    `PATCH /api/v2/sdk/apps${APP}/modules/keyFailed`,
  ]);
  expect((await run()).said).toBe('onceonly-k3x9 is up to date.');
});

test('the second deploy creates and sends nothing', async () => {
  await run();
  make.requests.length = 0;
  expect(await run()).toEqual({ code: 0, said: 'onceonly-k3x9 is up to date.' });
  expect(writes()).toEqual([]);
});

test('a change is all that is sent', async () => {
  await run();
  make.requests.length = 0;
  const path = 'modules/claimKey/claim-key.samples.iml.json';
  const manifest = structuredClone(app.manifest) as {
    components: { module: Record<string, { label: string }> };
  };
  const { extendClaim } = manifest.components.module;
  if (extendClaim) extendClaim.label = 'Extend the claim';
  const files = new Map<string, Value>([
    ...app.files,
    [path, { status: 'other' }],
    ['makecomapp.json', manifest],
  ]);
  const { said } = await run([], appOf(files));
  expect(writes()).toEqual([
    `PUT /api/v2/sdk/apps${APP}/modules/claimKey/samples`,
    `PATCH /api/v2/sdk/apps${APP}/modules/extendClaim`,
  ]);
  expect(said).toMatch(/^write module claimKey: samples\nupdate module extendClaim\n2 steps\./);
});

test('a dry run says what it would do, and does nothing', async () => {
  const { said } = await run(['--dry-run']);
  expect(said).toMatch(/^would create app onceonly\n/);
  expect(said).toContain('would create module claimKey');
  expect(said).toMatch(/nothing was changed\.$/);
  expect(writes()).toEqual([]);
  await run();
  expect((await run(['--dry-run'])).said).toBe('onceonly-k3x9 is up to date.');
});

test('requests that are refused for their rate are sent again', async () => {
  make.refuseNext = 3;
  expect((await run()).code).toBe(0);
  make.requests.length = 0;
  make.refuseNext = 2;
  expect((await run()).said).toBe('onceonly-k3x9 is up to date.');
});

test('a wrong token is refused, and never shown', async () => {
  const { code, said } = await run([], app, 'wrong-secret-token');
  expect(code).toBe(1);
  expect(said).toMatch(/^Not deployed: .*Access denied/s);
  expect(said).not.toContain('wrong-secret-token');
});

test('a module of another type is not touched', async () => {
  await run();
  make.modules.set('claimKey', { ...make.modules.get('claimKey'), typeId: 4 });
  const { code, said } = await run();
  expect(code).toBe(1);
  expect(said).toContain('module claimKey of another type. Delete it there');
});

test('two apps that could be meant are not guessed at', async () => {
  make.apps.push({ name: 'onceonly' }, { name: 'onceonly-zz' });
  expect((await run()).said).toContain('Set MAKE_APP to one of them');
});

test.each([
  [{}, []],
  [{ MAKE_TOKEN: TOKEN }, []],
  [{ MAKE_TOKEN: TOKEN, MAKE_ZONE: 'eu1.make.com' }, ['--force']],
])('says how it is used, %#', async (env, args) => {
  const lines: string[] = [];
  expect(await deployCommand({ env, args, app, blueprints: '', say: (line) => lines.push(line) })).toBe(2);
  expect(lines.join()).toContain('MAKE_ZONE');
  expect(lines.join()).not.toContain(TOKEN);
});
