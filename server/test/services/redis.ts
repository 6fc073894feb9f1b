import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { removeWhenDone } from './processes.ts';

/** A real Redis for one test. */
export interface RedisService {
  /** `redis://127.0.0.1:PORT` */
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Shuts it down normally, and keeps its data. */
  stop(): Promise<void>;
  /** Kills it at once (SIGKILL), and keeps its data. */
  kill(): Promise<void>;
  /** Stops it if it runs, starts it again on the same data and port, and resolves when it has loaded them. */
  restart(): Promise<void>;
  /** Suspends it (SIGSTOP): connections remain open, but nothing answers. */
  freeze(): void;
  /** Resumes it (SIGCONT). */
  thaw(): void;
  /** Ends it and removes its data. Otherwise it ends with the process that started it. */
  close(): Promise<void>;
}

/** Settings in addition to `appendfsync always`, by their names in redis.conf. */
export type RedisSettings = Readonly<Record<string, string>>;

const ATTEMPTS = 5;

/** In memory where there is much of it: a Redis that is killed leaves its data there too, and a disk may be too busy to sync. */
const MEMORY = '/dev/shm';
const ROOM_BYTES = 1024 ** 3;

function folderOfData(): string {
  if (!existsSync(MEMORY)) return tmpdir();
  const { bavail, bsize } = statfsSync(MEMORY);
  return bavail * bsize > ROOM_BYTES ? MEMORY : tmpdir();
}

/** The programs that are installed. Valkey is a fork of Redis with other names of its programs. */
const BRAND = spawnSync('redis-server', ['--version']).error === undefined ? 'redis' : 'valkey';

/** Starts a Redis or Valkey on a free port, in its own folder. Default: `appendfsync always`. */
export async function startRedis(settings: RedisSettings = {}): Promise<RedisService> {
  const folder = mkdtempSync(join(folderOfData(), 'onceonly-redis-'));
  const pidFile = join(folder, 'redis.pid');
  const removed = removeWhenDone(folder, pidFile);
  const config = join(folder, 'redis.conf');
  const all = { appendonly: 'yes', appendfsync: 'always', save: '""', ...settings };
  let port = await freePort();
  let server = await started(ATTEMPTS);

  async function started(attempts: number): Promise<ChildProcess> {
    const lines = { bind: '127.0.0.1', port: String(port), dir: folder, pidfile: pidFile, ...all };
    writeFileSync(
      config,
      Object.entries(lines)
        .map(([name, value]) => `${name} ${value}\n`)
        .join(''),
    );
    // In its own process group, so that Ctrl+C does not end it before the tests have finished with it.
    const child = spawn(`${BRAND}-server`, [config], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await ready(child);
      return child;
    } catch (error) {
      // Another process took the port meanwhile.
      if (attempts <= 1) throw error;
      port = await freePort();
      return started(attempts - 1);
    }
  }

  async function end(how: NodeJS.Signals): Promise<void> {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const exited = once(server, 'exit');
    // Nothing else may keep this process until then.
    server.ref();
    server.kill(how);
    await exited;
  }

  return {
    get url() {
      return `redis://127.0.0.1:${port}`;
    },
    get port() {
      return port;
    },
    get pid() {
      return server.pid ?? 0;
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async restart() {
      await end('SIGTERM');
      server = await started(1);
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async close() {
      await end('SIGKILL');
      await removed();
    },
  };
}

export interface RedisCluster {
  /** The URL of any of its nodes. */
  readonly url: string;
  readonly nodes: readonly RedisService[];
  close(): Promise<void>;
}

/** Starts this many primaries (at least three) without replicas, and joins them to a cluster. */
export async function startRedisCluster(count: number, settings: RedisSettings = {}): Promise<RedisCluster> {
  const cluster = { 'cluster-enabled': 'yes', 'cluster-config-file': 'nodes.conf', ...settings };
  const nodes = await Promise.all(Array.from({ length: count }, () => startRedis(cluster)));
  const close = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.close()));
  };
  const addresses = nodes.map(({ port }) => `127.0.0.1:${port}`);
  try {
    await redisCli(['--cluster', 'create', ...addresses, '--cluster-yes']);
    for (const { port } of nodes) {
      // Each node must know the others.
      while (!(await redisCli(['-p', String(port), 'CLUSTER', 'INFO'])).includes('cluster_state:ok'))
        await pause(50);
    }
    const [first] = nodes;
    if (first === undefined) throw new Error('A cluster has nodes.');
    return { url: first.url, nodes, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function redisCli(args: readonly string[]): Promise<string> {
  const cli = spawn(`${BRAND}-cli`, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const said: string[] = [];
  for (const stream of [cli.stdout, cli.stderr]) stream.on('data', (text) => void said.push(String(text)));
  const [code] = (await once(cli, 'close')) as [number | null];
  if (code !== 0) throw new Error(`${BRAND}-cli ${args.join(' ')} failed: ${said.join('')}`);
  return said.join('');
}

/** Resolves when it accepts commands. */
async function ready(child: ChildProcess): Promise<void> {
  const said: string[] = [];
  await new Promise<void>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing =
        'There is no redis-server and no valkey-server here: install the Debian package redis-server.';
      reject(error.code === 'ENOENT' ? new Error(missing) : error);
    });
    child.once('exit', () => {
      reject(new Error(`redis-server did not start: ${said.join('\n')}`));
    });
    if (child.stdout === null) return;
    // All output is read, because a full pipe would block it.
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (said.length < 100) said.push(line);
      if (line.includes('Ready to accept connections')) resolve();
    });
  });
  child.unref();
  (child.stdout as { unref?: () => void } | null)?.unref?.();
}
