import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { operations } from '@onceonly/shared';
import { SERVICE_SETTINGS, SETTINGS } from '../server/src/config.ts';

const root = join(import.meta.dirname, '..');
const read = (page: string): string => readFileSync(join(root, page), 'utf8');

/** The rows of the first table after a line of a page, as their cells. */
function tableAfter(page: string, line: string): string[][] {
  const lines = read(page).slice(read(page).indexOf(line)).split('\n');
  const first = lines.findIndex((each) => each.startsWith('|')) + 2;
  const rows = lines.slice(first, first + lines.slice(first).findIndex((each) => !each.startsWith('|')));
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  );
}

test('imports go one way only', () => {
  const args = ['--config', 'dependency-cruiser.mjs', '--output-type', 'err'];
  const folders = ['shared', 'server', 'zapier-app', 'n8n-node', 'make-app', 'client', 'packaging', 'test'];
  const depcruise = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const said = execFileSync(process.execPath, [depcruise, ...args, ...folders], {
    cwd: root,
    encoding: 'utf8',
  });
  expect(said).toContain('no dependency violations found');
});

test.each([
  { of: 'the server', mark: '<!-- settings', settings: Object.values(SETTINGS) },
  { of: 'the tools for agents', mark: '<!-- tools', settings: Object.values(SERVICE_SETTINGS) },
])("the settings in the server's README are those of $of", ({ mark, settings }) => {
  expect(tableAfter('server/README.md', mark)).toEqual(
    settings.map((setting) => [setting.name, setting.default, setting.help]),
  );
});

test("the README's steps are the operations", () => {
  expect(tableAfter('docs/fields.md', '## The steps')).toEqual(
    Object.values(operations).map(({ label, description }) => [label, description]),
  );
});

test.each([
  { of: 'Redis', uses: /\bstartRedis(Cluster)?\(/, named: /redis[^/]*$/ },
  { of: 'faketime', uses: /['"]faketime['"]|libfaketime/, named: /faketime[^/]*$/ },
  { of: 'n8n', uses: /\b(openN8n|useN8n|shareN8n|deliverTo)\(/, named: /\.(long\.test|suite)\.ts$/ },
])('suites that need $of say so in their names, by which they are left out', ({ uses, named }) => {
  const suites = ['server', 'shared', 'test'].flatMap((folder) =>
    globSync(`${folder}/**/*.{test,suite}.ts`, { cwd: root, exclude: (name) => name === 'node_modules' }),
  );
  const users = suites.filter(
    (file) => file !== 'test/house.test.ts' && uses.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(suites.length).toBeGreaterThan(100);
  expect(users.filter((file) => !named.test(file))).toEqual([]);
});
