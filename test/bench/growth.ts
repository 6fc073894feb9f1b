/**
 * `npm run bench -- growth`: claims at 64 connections, their keys spread like hashes, while a store grows; what a key takes on the
 * disk, what the server takes of memory, and what a sweep costs the claims meanwhile. Takes some ten minutes and 6 GB of disk.
 */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axios from 'axios';
import { startPostgres } from '../../server/test/services/postgres.ts';
import { makeApiKey, startServerProcess } from '../faults/servers.ts';
import { filledDatabase, filledFile, PATTERN, type FilledStore } from './filled-stores.ts';
import { medianOf } from './figures.ts';
import { measure, type Measured } from './load.ts';

const SIZES = (process.env['BENCH_KEYS'] ?? '10000,1000000,10000000').split(',').map(Number);
const ROUNDS = Number(process.env['BENCH_ROUNDS'] ?? 5);
const SECONDS = Number(process.env['BENCH_SECONDS'] ?? 3);
const SWEPT = Math.min(1_000_000, (SIZES.at(-1) ?? 0) / 2);

const LOAD = { mode: 'spread', connections: 64, seconds: SECONDS } as const;

/** proc_pid_status(5), in MB. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

const of = (all: readonly Measured[], figure: keyof Measured): number =>
  medianOf(all.map((each) => each[figure]));

async function grow(store: FilledStore): Promise<void> {
  const apiKey = await makeApiKey(store.url);
  const server = await startServerProcess(store.url);
  const at = { baseUrl: server.baseUrl, apiKey };
  const http = axios.create({
    baseURL: at.baseUrl,
    headers: { authorization: `Bearer ${apiKey}` },
    proxy: false,
  });
  const { data } = await http.post<{ lease_id: string }>('/v1/ai/lease', { key: PATTERN, ttl: 60 });
  await http.post('/v1/ai/complete', { key: PATTERN, lease_id: data.lease_id });
  await server.kill('SIGTERM');

  const rounds = async (): Promise<readonly Measured[]> => {
    const all: Measured[] = [];
    for (let round = 0; round < ROUNDS; round += 1) all.push(await measure({ ...at, pid: server.pid }, LOAD));
    return all;
  };

  const empty = await store.bytes();
  let filled = 0;
  let first: number | undefined;
  let calm = Number.NaN;
  for (const size of SIZES) {
    await store.fill(size - filled, `/${String(size)}`);
    filled = size;
    const perKey = ((await store.bytes()) - empty) / size;
    await server.start();
    const all = await rounds();
    first ??= of(all, 'perSecond');
    calm = of(all, 'p99Ms');
    console.log(
      [
        store.name.padEnd(10),
        size.toLocaleString('en').padStart(11),
        of(all, 'perSecond').toFixed(0).padStart(10),
        (of(all, 'perSecond') / first).toFixed(2).padStart(8),
        calm.toFixed(1).padStart(9),
        perKey.toFixed(0).padStart(12),
        (await memoryOf(server.pid)).toFixed(0).padStart(11),
      ].join(''),
    );
    await server.kill('SIGTERM');
  }
  await store.expire(SWEPT);
  // It sweeps as soon as it runs.
  await server.start();
  const swept = await rounds();
  await server.kill('SIGTERM');
  const left = await store.expired();
  console.log(
    `${store.name}: a sweep of ${SWEPT.toLocaleString('en')} keys, ${left.toLocaleString('en')} left at the end: ` +
      `p99 ${of(swept, 'p99Ms').toFixed(1)} ms, ${(of(swept, 'p99Ms') / calm).toFixed(2)} times the one before; ` +
      `${of(swept, 'perSecond').toFixed(0)} claims/s`,
  );
}

const folder = await mkdtemp(join(tmpdir(), 'onceonly-bench-'));
const postgres = await startPostgres();
try {
  console.log('store            keys  claims/s  ÷ first   p99 ms  bytes a key  memory, MB');
  await grow(filledFile(join(folder, 'claims.db')));
  await grow(filledDatabase(await postgres.createDatabase()));
} finally {
  await postgres.close();
  await rm(folder, { recursive: true });
}
