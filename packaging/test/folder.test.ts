import { Spec, Validation } from '@cyclonedx/cyclonedx-library';
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { assemble } from '../assemble.ts';
import { SHIPPED } from '../sbom.ts';
import rootManifest from '../../package.json' with { type: 'json' };
import { openMakeApi } from '../../test/make/make-api.ts';

const root = join(import.meta.dirname, '../..');
const { version } = rootManifest;
const run = promisify(execFile);

let scratch: string;
let release: string;
let made: readonly string[];
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'onceonly-release-'));
  release = join(scratch, 'release');
  made = await assemble(root, release);
}, 300_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

const read = (file: string): Promise<string> => readFile(join(release, file), 'utf8');
const filesOf = async (archive: string): Promise<string[]> =>
  (await run('tar', ['-tzf', join(release, archive)])).stdout.trim().split('\n');

test('it has one thing for each that can be installed', () => {
  expect(made).toEqual([
    'SHA256SUMS',
    'make-app',
    `n8n-nodes-onceonly-${version}.tgz`,
    'n8n-templates',
    `onceonly-${version}.tgz`,
    `onceonly-server-${version}.tgz`,
    'sbom',
    'zapier-app',
  ]);
});

test('npm run release installs all that it bundles, without what only tests and checks need', async () => {
  const { packages } = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    readonly packages: Readonly<Record<string, { readonly dev?: true }>>;
  };
  const bundled = [...SHIPPED.flatMap((each) => each.bundled), 'esbuild', 'fflate'];
  expect(bundled.filter((name) => packages[`node_modules/${name}`]?.dev !== undefined)).toEqual([]);
});

test.each([
  ['n8n-nodes-onceonly', /^package\/(LICENSE|README\.md|package\.json|dist\/(nodes|credentials|icons)\/.+)$/],
  [
    'onceonly-server',
    /^package\/(LICENSE|README\.md|DEPLOY\.md|package\.json|(bin|grafana)\/.+|dist\/([\w-]+\.js|lua\/[\w-]+\.lua|migrations\/\w+\/[\w-]+\.sql|dashboard\/.+))$/,
  ],
  [
    'onceonly',
    /^package\/(LICENSE|README\.md|package\.json|dist\/([\w-]+\.(js|cjs|d\.ts|d\.cts)|migrations\/sqlite\/[\w-]+\.sql))$/,
  ],
])('%s is packed with its licence, and nothing that is not its own', async (name, expected) => {
  const files = await filesOf(`${name}-${version}.tgz`);
  expect(files).toEqual(
    expect.arrayContaining(['package/LICENSE', 'package/README.md', 'package/package.json']),
  );
  expect(files.filter((file) => !expected.test(file))).toEqual([]);
});

test('the checksums are those of all files', async () => {
  const { stdout } = await run('sha256sum', ['--check', 'SHA256SUMS'], { cwd: release });
  const entries = await readdir(release, { recursive: true, withFileTypes: true });
  expect(stdout.trim().split('\n')).toHaveLength(entries.filter((entry) => entry.isFile()).length - 1);
  await writeFile(join(release, 'make-app/deploy.mjs'), 'changed', { flag: 'a' });
  await expect(run('sha256sum', ['--check', 'SHA256SUMS'], { cwd: release })).rejects.toThrow(
    /did NOT match/,
  );
  made = await assemble(root, release);
}, 300_000);

test.each([
  ['n8n-nodes-onceonly', ['canonicalize']],
  ['onceonly-server', ['canonicalize', 'fastify', 'pg', 'ioredis', 'preact', 'light-my-request']],
  ['onceonly', ['@noble/hashes', 'canonicalize']],
  ['onceonly-zapier-app', ['canonicalize', 'zapier-platform-core', 'zapier-platform-schema']],
  ['onceonly-make-app', ['@makehq/sdk', 'canonicalize']],
])('the bill of materials of %s keeps to CycloneDX, and names what is in it', async (name, inside) => {
  const text = await read(`sbom/${name}.cdx.json`);
  expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot6).validate(text)).toBeNull();
  const bom = JSON.parse(text) as {
    readonly metadata: { readonly component: { readonly name: string; readonly version: string } };
    readonly components: readonly { readonly name: string; readonly hashes?: readonly unknown[] }[];
  };
  expect(bom.metadata.component).toMatchObject({ name, version });
  const names = bom.components.map((component) => component.name);
  expect(names).toEqual(expect.arrayContaining(inside));
  expect(names.filter((each) => ['jest', 'typescript', 'zapier-platform-cli'].includes(each))).toEqual([]);
  expect(bom.components.filter(({ hashes = [] }) => hashes.length === 0)).toEqual([]);
});

test("Zapier's own command validates the app in its folder", async () => {
  const folder = join(release, 'zapier-app');
  // What `npm install` would bring.
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const cli = join(root, 'node_modules/zapier-platform-cli/src/bin/run');
  const env = { ...process.env, DISABLE_ZAPIER_ANALYTICS: '1', NO_UPDATE_NOTIFIER: '1' };
  const { stdout } = await run(process.execPath, [cli, 'validate', '--without-style'], { cwd: folder, env });
  expect(stdout).toContain('This project is structurally sound!');
}, 300_000);

test('an app that was registered keeps its id in the next release', async () => {
  const settings = join(release, 'zapier-app/.zapierapprc');
  const registered = { ...(JSON.parse(await readFile(settings, 'utf8')) as object), id: 4711 };
  await writeFile(settings, JSON.stringify(registered));
  await assemble(root, release);
  expect(JSON.parse(await readFile(settings, 'utf8'))).toEqual(registered);
}, 300_000);

test('the Make app is deployed by its one file', async () => {
  const make = await openMakeApi('token');
  const deploy = (...args: string[]) =>
    run(process.execPath, ['deploy.mjs', ...args], {
      cwd: join(release, 'make-app'),
      env: { MAKE_TOKEN: 'token', MAKE_ZONE: make.zone },
    });
  try {
    expect((await deploy('--dry-run')).stdout).toMatch(/^would create app onceonly\n/);
    expect((await deploy()).stdout).toContain('The app is onceonly-k3x9');
    expect((await deploy()).stdout).toBe('onceonly-k3x9 is up to date.\n');
  } finally {
    await make.close();
  }
});
