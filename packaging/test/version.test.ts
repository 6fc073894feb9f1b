import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { readVersion, ReleaseRefused } from '../version.ts';

const CHANGELOG =
  '# Changelog\n\n## 1.2.0 (unreleased)\n\n- A change.\n\n## 1.1.0 (2026-10-01)\n\n- Another.\n';

let root: string;
const git = (...args: string[]) => {
  const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  return promisify(execFile)('git', ['-C', root, ...author, ...args]);
};
const write = (file: string, text: string) => writeFile(join(root, file), text);

async function commit(files: Readonly<Record<string, string>> = {}): Promise<void> {
  for (const [file, text] of Object.entries(files)) await write(file, text);
  await git('add', '--all');
  await git('commit', '--quiet', '--message', 'x');
}

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'onceonly-version-'));
  await git('init', '--quiet');
  await mkdir(join(root, 'part'));
  await commit({
    'package.json': JSON.stringify({ version: '1.2.0', workspaces: ['part'] }),
    'part/package.json': JSON.stringify({ version: '1.2.0' }),
    'CHANGELOG.md': CHANGELOG,
  });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const refusal = async (tag?: string): Promise<string> => {
  const error: unknown = await readVersion(root, tag).catch((thrown: unknown) => thrown);
  if (!(error instanceof ReleaseRefused)) throw new Error('It was not refused.', { cause: error });
  return error.message;
};

test('a version whose changes are listed is taken', async () => {
  expect(await readVersion(root)).toBe('1.2.0');
});

test.each([
  ['nowhere', '# Changelog\n\n## 1.1.0 (2026-10-01)\n\n- Another.\n'],
  ['without a change', '# Changelog\n\n## 1.2.0 (unreleased)\n\n## 1.1.0\n\n- Another.\n'],
  ['only as the beginning of another', '# Changelog\n\n## 1.2.01\n\n- Another.\n'],
])('a version is refused that the changelog has %s', async (_, changelog) => {
  await commit({ 'CHANGELOG.md': changelog });
  expect(await refusal()).toMatch(/^CHANGELOG\.md says nothing of 1\.2\.0: list its changes/);
});

test('packages of two versions are refused', async () => {
  await commit({ 'part/package.json': JSON.stringify({ version: '1.1.0' }) });
  expect(await refusal()).toBe('package.json has version 1.2.0, but part/package.json 1.1.0.');
});

test.each(['CHANGELOG.md', 'new.txt'])('what is not committed is refused, and named: %s', async (file) => {
  await write(file, `${CHANGELOG}more\n`);
  expect(await refusal()).toMatch(
    new RegExp(`^These files are not as they were committed.*\n.*${file}$`, 's'),
  );
});

test('a folder without git is refused, in another repository too', async () => {
  const part = join(root, 'copy');
  await mkdir(part);
  for (const file of ['package.json', 'CHANGELOG.md'])
    await writeFile(join(part, file), file === 'package.json' ? '{"version":"1.2.0"}' : CHANGELOG);
  await commit();
  root = part;
  expect(await refusal()).toMatch(/^This folder is not a clone made by git/);
});

test('where it is published, the tag is the version, and the changelog gives its day', async () => {
  expect(await refusal('v1.1.0')).toBe('The tag is v1.1.0, but the version in package.json is 1.2.0.');
  expect(await refusal('v1.2.0')).toMatch(/^CHANGELOG\.md does not say when 1\.2\.0 came out/);
  await commit({ 'CHANGELOG.md': CHANGELOG.replace('unreleased', '2026-12-01') });
  expect(await readVersion(root, 'v1.2.0')).toBe('1.2.0');
});
