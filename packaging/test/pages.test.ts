import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import rootManifest from '../../package.json' with { type: 'json' };

const root = join(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** All that people read or copy: pages, helps, labels, settings of containers. */
const files = [
  ...globSync('{.,docs,docs/guides,server,shared,zapier-app,n8n-node,make-app,make-app/app,client}/*.md', {
    cwd: root,
  }),
  ...globSync('{shared,server,zapier-app,make-app,client}/src/**/*.ts', { cwd: root }),
  ...globSync('n8n-node/{nodes,credentials,templates}/**/*.{ts,json}', { cwd: root }),
  ...globSync('server/{dashboard/**/*.tsx,compose.yaml,Dockerfile,Caddyfile}', { cwd: root }),
];

/** Ways to have npm fetch what anybody may have put under a name that we do not own there yet. */
const FETCHES = [
  // npx fetches what it does not find, unless it is told not to.
  /\bnpx (?!--no )[^`\n]*\b(onceonly|zapier-platform\b(?!-cli))/,
  /"npx"[^\]]*onceonly/s,
  /\bnpm (exec|x|create|init) [^`\n]*onceonly/,
  /\b(npm|yarn|pnpm) (i|install|add|dlx)\b(?![^`\n]*\.tgz)[^`\n]*onceonly/,
  /enter `?n8n-nodes-onceonly/,
];

test.each([
  'npx onceonly-server start',
  'npx -y onceonly-server mcp',
  '"command": "npx",\n "args": ["-y", "onceonly-server"',
  'npm install onceonly-server',
  'npm i -g n8n-nodes-onceonly',
  'npm exec onceonly-server',
  'npx zapier-platform login',
  'and enter `n8n-nodes-onceonly`.',
])('this would be found: %s', (line) => {
  expect(FETCHES.some((each) => each.test(line))).toBe(true);
});

test.each([
  'npx --no onceonly-server start',
  'npm install ../onceonly-apps/release/onceonly-server-0.1.0.tgz',
  'npx --no zapier-platform login',
])('this is allowed: %s', (line) => {
  expect(FETCHES.some((each) => each.test(line))).toBe(false);
});

test('nobody is told to fetch a name from the registry that is not ours yet', () => {
  expect(files.length).toBeGreaterThan(200);
  const found = files.flatMap((file) =>
    FETCHES.flatMap((each) => {
      const match = each.exec(read(file));
      return match === null ? [] : [`${file}: ${match[0]}`];
    }),
  );
  expect(found).toEqual([]);
});

test('README.md has at most 1,000 words, and names the files of this version', () => {
  const readme = read('README.md');
  expect(readme.split(/\s+/).filter((word) => word !== '').length).toBeLessThanOrEqual(1_000);
  const versions = [
    'README.md',
    'server/README.md',
    'n8n-node/README.md',
    'client/README.md',
    'server/compose.yaml',
  ]
    .flatMap((file) => [...read(file).matchAll(/onceonly(?:-server)?[-:](\d+\.\d+\.\d+)/g)])
    .map(([, version]) => version);
  expect(versions.length).toBeGreaterThan(5);
  expect(new Set(versions)).toEqual(new Set([rootManifest.version]));
});
