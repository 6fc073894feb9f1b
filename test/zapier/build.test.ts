import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import appManifest from '../../zapier-app/package.json' with { type: 'json' };
import { useZapier } from './setting.ts';

const run = promisify(execFile);

const at = (path: string): string => fileURLToPath(new URL(`../../zapier-app/${path}`, import.meta.url));

const CLI = fileURLToPath(new URL('../../node_modules/zapier-platform-cli/src/bin/run', import.meta.url));

const setting = useZapier();

/** Outside of the workspace, as the app would lie alone. */
const stage = mkdtempSync(join(tmpdir(), 'onceonly-zapier-stage-'));

/** Zapier's own command, in a folder that holds the app alone. */
const zapierPlatform = (...args: string[]): Promise<unknown> =>
  run(process.execPath, [CLI, ...args], {
    cwd: stage,
    env: { ...process.env, DISABLE_ZAPIER_ANALYTICS: '1', NO_UPDATE_NOTIFIER: '1' },
  });

const filesIn = (zip: string): Record<string, string> =>
  Object.fromEntries(
    Object.entries(unzipSync(readFileSync(zip))).map(([name, bytes]) => [
      name,
      Buffer.from(bytes).toString(),
    ]),
  );

beforeAll(async () => {
  await run(process.execPath, [at('build.mjs'), '--stage', stage]);
});
afterAll(() => {
  rmSync(stage, { recursive: true });
});

test("Zapier's own command finds no fault", async () => {
  await expect(zapierPlatform('validate', '--without-style')).resolves.toBeDefined();
});

test("the build is, file by file, what Zapier's own command makes", async () => {
  // Zapier's style checks need a login: our own tests look at the same rules.
  const build = (): Promise<unknown> => zapierPlatform('build', '--skip-dep-install', '--skip-validation');
  // It starts what it built and gives it five seconds, which a busy machine needs more than once.
  await build().catch(build).catch(build);
  for (const zip of ['build/build.zip', 'build/source.zip']) {
    expect(filesIn(at(zip))).toEqual(filesIn(join(stage, zip)));
  }
}, 240_000);

test("the built app meets Zapier's schema", async () => {
  expect(await setting.zapier.validate()).toEqual([]);
});

test('the build holds the bundle and zapier-platform-core, and nothing else of the project', () => {
  const files = unzipSync(readFileSync(at('build/build.zip')));
  const own = Object.keys(files).filter((name) => !name.startsWith('node_modules/'));
  expect(own.sort()).toEqual(['definition.json', 'index.js', 'package.json', 'zapierwrapper.js']);
  expect(Object.keys(files).filter((name) => /onceonly|encoding\/lib/.test(name))).toEqual([]);
  const manifest: unknown = JSON.parse(Buffer.from(files['package.json'] ?? []).toString());
  expect(manifest).toMatchObject({ dependencies: { 'zapier-platform-core': '19.1.0' } });
});

test('the app has the version of its package', async () => {
  expect(await setting.zapier.definition()).toMatchObject({
    version: appManifest.version,
    platformVersion: appManifest.dependencies['zapier-platform-core'],
  });
});
