import { globSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { startPostgres } from '../../server/test/services/postgres.ts';
import { startRedis } from '../../server/test/services/redis.ts';
import { serve, TREE } from './contenders.ts';
import { startGenerator } from './generator.ts';
import type { Part } from './part.ts';
import { TRIED } from './tried.ts';

const SECONDS = 4;
const SHOWN = 5;
/** V8's name for a thread that has nothing to do. */
const IDLE = '(idle)';

/** A `.cpuprofile` of V8, as far as it is read. */
interface CpuProfile {
  readonly nodes: readonly {
    readonly id: number;
    readonly callFrame: { readonly functionName: string; readonly url: string };
  }[];
  readonly samples: readonly number[];
  /** Microseconds before each sample. */
  readonly timeDeltas: readonly number[];
}

/** Where the processor time of the server's threads goes under load, on each store. */
export async function profile(): Promise<Part> {
  const folder = await mkdtemp(join(tmpdir(), 'onceonly-bench-'));
  const [redis, postgres] = await Promise.all([startRedis(), startPostgres()]);
  const urls = { SQLite: `sqlite:${join(folder, 'claims.db')}`, Redis: redis.url, Postgres: postgres.url };
  const rows: (readonly string[])[] = [];
  for (const [store, url] of Object.entries(urls)) {
    const profiles = join(folder, store);
    const server = await serve('./serve.ts', [TREE, url, 'on'], ['--cpu-prof', `--cpu-prof-dir=${profiles}`]);
    const generator = await startGenerator(server, { mode: 'claim', connections: 64 }, folder);
    generator.go();
    await pause(2 * SECONDS * 1_000);
    generator.rest();
    await generator.close();
    await server.close();
    for (const file of globSync(join(profiles, '*.cpuprofile'))) {
      const costs = costsOf(JSON.parse(await readFile(file, 'utf8')) as CpuProfile);
      const isStore = costs.some(({ what }) => what === NAMES['store/sqlite/engine']);
      const all = costs.reduce((sum, { us }) => sum + us, 0);
      for (const { what, us } of costs.slice(0, SHOWN))
        rows.push([store, isStore ? 'store' : 'HTTP', what, `${((us / all) * 100).toFixed(0)} %`]);
    }
  }
  await Promise.all([redis.close(), postgres.close()]);
  await rm(folder, { recursive: true });
  return {
    title: 'Where the time goes',
    how: [
      `The server under claims at 64 connections, for ${String(SECONDS)} seconds after it is warm, with \`--cpu-prof\`: the ${String(SHOWN)} largest costs of each thread, by what the time was spent in itself, and their part of the time in which the thread was at work.`,
    ],
    tables: [
      { head: ['store', 'thread', 'spent in', 'part'], rows },
      {
        head: ['tried', 'measured beside the build before, in one start on a busy machine', ''],
        rows: TRIED,
      },
    ],
    answers: [],
  };
}

interface Cost {
  readonly what: string;
  readonly us: number;
}

/** Largest first, without the time in which the thread had nothing to do. */
export function costsOf({ nodes, samples, timeDeltas }: CpuProfile): readonly Cost[] {
  const of = new Map(nodes.map(({ id, callFrame }) => [id, homeOf(callFrame)]));
  const costs = new Map<string, number>();
  let leftUs = timeDeltas.reduce((sum, us) => sum + us, 0);
  // One that made the API key, and ended.
  if (leftUs < SECONDS * 1e6) return [];
  samples.forEach((sample, index) => {
    const us = timeDeltas[index] ?? 0;
    leftUs -= us;
    const what = of.get(sample) ?? '';
    // What came before is how it started and got warm.
    if (leftUs < SECONDS * 1e6 && what !== IDLE) costs.set(what, (costs.get(what) ?? 0) + us);
  });
  return [...costs].map(([what, us]) => ({ what, us })).sort((a, b) => b.us - a.us);
}

const NAMES: Readonly<Record<string, string>> = {
  'native writeUtf8String': 'writing answers to sockets',
  '(garbage collector)': 'collecting garbage',
  '(program)': 'Node itself, outside of JavaScript',
  'store/sqlite/engine': 'commits, and waiting for the disk',
};

/** A package, a part of Node or of the server, or what V8 calls it. */
function homeOf({ functionName, url }: CpuProfile['nodes'][number]['callFrame']): string {
  const [, library] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  const [, ours] = /server\/src\/(.+)\.ts$/.exec(url) ?? [];
  const native = functionName.startsWith('(') ? functionName : `native ${functionName}`;
  const home = library ?? ours ?? (url === '' ? native : url);
  return NAMES[home] ?? home;
}
