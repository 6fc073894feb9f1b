import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openEmbedded } from '../src/embedded/open.ts';
import { onceOnly } from '../src/index.ts';
import { refusalOf } from './setting.ts';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'onceonly-deleted-'));
  path = join(folder, 'claims.db');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

test.each<[string, () => void]>([
  [
    'deleted',
    () => {
      rmSync(path);
    },
  ],
  [
    'replaced',
    () => {
      renameSync(path, `${path}.old`);
      writeFileSync(path, '');
    },
  ],
])('once the file was %s, nothing is done: the next process would not know of it', async (_, change) => {
  await using once = onceOnly({ store: `sqlite:${path}` });
  await once('j', 'a', () => 1);
  change();
  const work = jest.fn(() => 2);
  const refused = await refusalOf(once('j', 'b', work));
  expect(refused).toMatchObject({
    code: 'server_error',
    cause: { detail: expect.stringContaining('was deleted or replaced') },
  });
  expect(work).not.toHaveBeenCalled();
});

test.each([
  ['Node 20', { node: '20.20.2' }],
  // Their CommonJS may take the package for one of Node.
  ['Deno', { node: '26.3.0', deno: '2.9.6' }],
  ['Bun', { node: '24.0.0', bun: '1.4.5' }],
])('on %s, it says what it needs', async (_, versions) => {
  await expect(openEmbedded(path, versions)).rejects.toThrow('needs Node 22.13 or newer');
});

test('a path that cannot be used is said of the option, and not of a setting of the server', async () => {
  writeFileSync(path, 'no database '.repeat(1_000));
  await using once = onceOnly({ store: `sqlite:${path}` });
  const { code, message } = await refusalOf(once('j', 'a', () => 1));
  expect([code, message]).toEqual([
    'store_unavailable',
    expect.stringContaining('Choose another file in `store`.'),
  ]);
});
