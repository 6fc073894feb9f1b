import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { unzipSync } from 'fflate';
import appManifest from '../../zapier-app/package.json' with { type: 'json' };
import { useZapier } from './setting.ts';

const at = (path: string): string => fileURLToPath(new URL(`../../zapier-app/${path}`, import.meta.url));

const setting = useZapier();

test("Zapier's own command finds no fault", async () => {
  const validating = promisify(execFile)(process.execPath, [at('build.mjs'), '--validate']);
  await expect(validating).resolves.toBeDefined();
}, 120_000);

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
