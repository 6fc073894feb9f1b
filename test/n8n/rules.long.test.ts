import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { installNode } from './node-package.ts';

const root = join(import.meta.dirname, '../..');
const execute = promisify(execFile);
/** Under jest's NODE_ENV these tools think that they are tested themselves. */
const env = { ...process.env, NODE_ENV: 'production' };

async function run(command: string, args: readonly string[], cwd = root): Promise<string> {
  const { stdout } = await execute(command, args, { cwd, env }).catch((error: unknown) => {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(stdout + stderr);
  });
  return stdout;
}
/** Installing the tools for the first time takes minutes. */
const LONG_MS = 900_000;

let stage: string;
let tools: string;

/** The sources beside n8n's own tools, as in a package of its own. */
beforeAll(async () => {
  stage = await mkdtemp(join(tmpdir(), 'onceonly-rules-'));
  const folder = await run(process.execPath, [join(import.meta.dirname, 'install.mjs'), 'tools']);
  tools = join(folder.trim(), 'node_modules');
  const source = join(stage, 'n8n-node');
  await cp(join(root, 'n8n-node'), source, {
    recursive: true,
    filter: (file) => !/n8n-node\/(node_modules|dist|build|test)$/.test(file),
  });
  await symlink(tools, join(source, 'node_modules'));
  await mkdir(join(stage, 'node_modules/@onceonly'), { recursive: true });
  await symlink(join(root, 'shared'), join(stage, 'node_modules/@onceonly/shared'));
  await cp(join(root, 'tsconfig.json'), join(stage, 'tsconfig.json'));
  await installNode(stage);
}, LONG_MS);
afterAll(() => rm(stage, { recursive: true, force: true }));

test(
  "passes n8n's own lint in strict mode",
  async () => {
    const lint = join(tools, '@n8n/node-cli/bin/n8n-node.mjs');
    const said = await run(process.execPath, [lint, 'lint'], join(stage, 'n8n-node'));
    expect(said).not.toMatch(/warning|error/);
  },
  LONG_MS,
);

/** As the scanner does with what is published: each leg with its own patterns. */
async function scan(folder: string, patterns: string): Promise<unknown> {
  const scanner = join(tools, '@n8n/scan-community-package/scanner/scanner.mjs');
  const code = `const scanner = await import(process.argv[1]);
    console.log(JSON.stringify(await scanner.analyzePackage(process.argv[2], ${patterns})));`;
  return JSON.parse(await run(process.execPath, ['--input-type=module', '-e', code, scanner, folder]));
}

test(
  'passes the community scanner, on the source and on the shipped JavaScript',
  async () => {
    expect(await scan(join(stage, 'n8n-node'), 'scanner.SOURCE_FILE_PATTERNS')).toEqual({ passed: true });
    const shipped = join(stage, '.n8n/nodes/node_modules/n8n-nodes-onceonly');
    expect(await scan(shipped, '["**/*.js", "package.json"]')).toEqual({ passed: true });
  },
  LONG_MS,
);

test('ships what n8n loads, and nothing else', async () => {
  const shipped = join(stage, '.n8n/nodes/node_modules/n8n-nodes-onceonly');
  const files = await run('find', ['.', '-type', 'f'], shipped);
  expect(files.trim().split('\n').sort()).toMatchSnapshot();
});

test('loads, each class by the name of its file', async () => {
  const load = `for (const file of process.argv.slice(1)) {
    const name = require('node:path').basename(file).split('.')[0];
    new (require(file)[name])();
  }`;
  const { n8n } = JSON.parse(await readFile(join(root, 'n8n-node/package.json'), 'utf8')) as {
    n8n: Record<'nodes' | 'credentials', string[]>;
  };
  const files = [...n8n.nodes, ...n8n.credentials].map((file) => join(root, 'n8n-node', file));
  expect(files).toHaveLength(3);
  await run(process.execPath, ['-e', load, ...files]);
});
