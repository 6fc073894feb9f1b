import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import axios from 'axios';
import { assemble } from '../assemble.ts';
import { commandsOf } from './commands.ts';

/* What README.md says of installing, typed as it stands there, in a clone whose release was just made. */

const root = join(import.meta.dirname, '../..');
const NODE = 'n8n-nodes-onceonly';

let scratch: string;
let clone: string;
let readme: string;
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), 'onceonly-install-'));
  clone = join(scratch, 'onceonly-apps');
  await mkdir(clone);
  await assemble(root, join(clone, 'release'));
  readme = await readFile(join(root, 'README.md'), 'utf8');
}, 300_000);
afterAll(() => rm(scratch, { recursive: true, force: true }));

const environment = (more: Readonly<Record<string, string>> = {}) => ({
  ...process.env,
  // Node as the project pins it; npm's settings for this run are not those of whoever reads the README.
  PATH: dirname(process.execPath) + delimiter + (process.env['PATH'] ?? ''),
  ...more,
});
const type = (command: string, cwd: string, env = environment()) =>
  promisify(execFile)('sh', ['-e', '-c', command], { cwd, env });

test.each([
  ['n8n', (command: string) => command],
  // In the container, as its user.
  ['n8n with Docker', (command: string) => command.replace('docker exec -i n8n ', '')],
])('%s finds the node where it looks for those that users install', async (how, typed) => {
  const home = join(scratch, how);
  await mkdir(home);
  const [byHand = [], inDocker = []] = commandsOf(readme, '### n8n');
  for (const command of how === 'n8n' ? byHand : inDocker)
    if (!command.startsWith('docker restart')) await type(typed(command), clone, environment({ HOME: home }));
  const folder = join(home, '.n8n/nodes/node_modules', NODE);
  const { name, n8n } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as {
    readonly name: string;
    readonly n8n: { readonly nodes: readonly string[]; readonly credentials: readonly string[] };
  };
  expect(name).toBe(NODE);
  for (const file of [...n8n.nodes, ...n8n.credentials]) await access(join(folder, file));
});

test("the node's own page installs it in the same way", async () => {
  const page = await readFile(join(root, 'n8n-node/README.md'), 'utf8');
  expect(commandsOf(page, '## Install').slice(0, 2)).toEqual(commandsOf(readme, '### n8n'));
});

describe('the server, in an empty folder', () => {
  let server: ChildProcess | undefined;
  afterAll(async () => {
    if (server?.pid === undefined) return;
    // As Ctrl+C does: npx, and the server that it has started.
    server.stderr?.resume();
    const closed = once(server, 'close');
    process.kill(-server.pid, 'SIGINT');
    await closed;
  });

  test('is installed, started, and answers with the keys that were made', async () => {
    const folder = join(scratch, 'onceonly');
    await mkdir(folder);
    const [[install = '', start = ''] = [], keys = []] = commandsOf(readme, '### Your own server');
    await type(install, folder);
    const env = environment({ ONCEONLY_PORT: '0' });
    server = spawn('sh', ['-c', start], {
      ...{ cwd: folder, env, detached: true },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const url = await addressOf(server);
    const [automation = '', operator = ''] = await Promise.all(
      keys.map(async (command) => /once_live_[\w-]+/.exec((await type(command, folder)).stdout)?.[0]),
    );
    const ask = (key: string) => ({ headers: { Authorization: `Bearer ${key}` } });
    const claim = { key: 'orders:1001', ttl: 60 };
    const { data: claimed } = await axios.post<unknown>(`${url}/v1/ai/lease`, claim, ask(automation));
    expect(claimed).toMatchObject({ status: 'acquired' });
    const { data: seen } = await axios.get<unknown>(`${url}/v1/keys`, ask(operator));
    expect(JSON.stringify(seen)).toContain('orders:1001');
  }, 300_000);
});

/** The server says where it listens. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('The server cannot say anything.');
  for await (const line of createInterface({ input: stderr })) {
    const url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url !== undefined) return url;
  }
  throw new Error('The server ended before it listened.');
}
