import type { Redis } from 'ioredis';
import type { Finding } from '../store.ts';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import type { Client } from './connection.ts';
import { unavailable } from './failures.ts';
import { soon } from './global-keys.ts';

/** The settings and the state of one primary that decide whether an answer can be lost. Null: not known. */
export interface Facts {
  /** Such as `Redis 7.0.15`. */
  readonly product: string;
  readonly appendOnly: boolean;
  readonly fsync: string | null;
  /** What is removed when memory is full; `noeviction`: nothing. */
  readonly eviction: string;
  readonly memoryLimited: boolean;
  readonly replicas: number;
  readonly minReplicas: number | null;
  /** `yes`: nothing is synced while the append-only file is rewritten. */
  readonly noSyncOnRewrite: string | null;
  /** Whether it is a primary, and its last write to the append-only file succeeded. */
  readonly takesWrites: boolean;
}

/** The oldest version that has all commands of the scripts. */
const OLDEST = [6, 2] as const;

/**
 * Reads the facts of each primary; null for one that does not answer soon. Many managed services forbid CONFIG.
 * @throws {StoreUnavailable} if no primary can be reached, or one is too old.
 */
export async function readFacts(client: Client): Promise<readonly (Facts | null)[]> {
  const nodes = client.nodes();
  const known = await soon(nodes.map(async (node) => ({ node, ...(await askedOf(node)) }))).catch(
    (error: unknown) => {
      throw unavailable(error, client.lastError());
    },
  );
  for (const { redis } of known) {
    const [major = 0, minor = 0] = redis.split('.').map(Number);
    if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
      throw new StoreUnavailable(`This is Redis ${redis}; ${OLDEST.join('.')} or newer is needed.`);
    }
  }
  return nodes.map((node) => known.find((each) => each.node === node)?.facts ?? null);
}

async function askedOf(node: Redis): Promise<{ readonly redis: string; readonly facts: Facts }> {
  const info = await node.info();
  const field = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, 'm').exec(info)?.[1] ?? '';
  const setting = async (name: string): Promise<string | null> => {
    const answer = await (node.config('GET', name) as Promise<readonly string[]>).catch(() => []);
    return answer[1] ?? null;
  };
  const minReplicas = await setting('min-replicas-to-write');
  const [redis, valkey] = [field('redis_version'), field('valkey_version')];
  const facts: Facts = {
    product: valkey === '' ? `Redis ${redis}` : `Valkey ${valkey}`,
    appendOnly: field('aof_enabled') === '1',
    fsync: await setting('appendfsync'),
    eviction: field('maxmemory_policy'),
    memoryLimited: field('maxmemory') !== '0',
    replicas: Number(field('connected_slaves')),
    minReplicas: minReplicas === null ? null : Number(minReplicas),
    noSyncOnRewrite: await setting('no-appendfsync-on-rewrite'),
    takesWrites: field('role') !== 'slave' && field('aof_last_write_status') !== 'err',
  };
  return { redis, facts };
}

/** Says what survives a crash, for the primary with the weakest settings. */
export function durabilityOf(facts: readonly (Facts | null)[]): string {
  const known = facts.filter((each) => each !== null);
  const weakest = known.toSorted((one, other) => strength(one) - strength(other))[0];
  if (weakest === undefined) return 'Redis: no primary told how it is set';
  return `${weakest.product}: ${keeps(weakest)}${failover(weakest)}`;
}

function strength({ appendOnly, fsync }: Facts): number {
  return appendOnly ? ['no', null, 'everysec', 'always'].indexOf(fsync) + 1 : 0;
}

function keeps({ appendOnly, fsync }: Facts): string {
  if (!appendOnly) return 'appendonly no, so a crash loses what was answered since the last snapshot';
  switch (fsync) {
    case 'always':
      return 'appendfsync always, so an answer is on the disk of the primary before it is given';
    case 'everysec':
      return 'appendfsync everysec, so a crash may lose what was answered in the last two seconds';
    case null:
      return 'appendonly yes, but appendfsync could not be read (CONFIG is forbidden); ask the provider';
    default:
      return `appendfsync ${fsync}, so a crash of the machine may lose the last half minute`;
  }
}

function failover({ replicas }: Facts): string {
  return replicas > 0 ? '; a failover to a replica may lose the last answers' : '';
}

/** The findings for `onceonly-server doctor`. */
export function findingsOf(facts: readonly (Facts | null)[]): readonly Finding[] {
  return facts.flatMap((each, index) => {
    if (each === null) return [silent(index + 1)];
    const name = facts.length === 1 ? each.product : `${each.product}, primary ${index + 1}`;
    return [persistence(each, name), ...rewriting(each, name), eviction(each, name), replication(each, name)];
  });
}

const silent = (primary: number): Finding => ({
  what: `Redis, primary ${primary}: no answer, so nobody knows how it is set. The claims of the tenants that it has are refused.`,
  ok: false,
  remedy: 'See CLUSTER NODES, and the log of that node. Once it answers, ask again: onceonly-server doctor.',
});

function persistence(facts: Facts, name: string): Finding {
  const ok = facts.appendOnly && facts.fsync === 'always';
  const set = !facts.appendOnly ? 'appendonly yes and appendfsync always' : 'appendfsync always';
  const remedy = `Set ${set} in redis.conf, or with CONFIG SET and CONFIG REWRITE; with a managed service, in its settings.`;
  return { what: `${name}: ${keeps(facts)}.`, ok, remedy: ok ? null : remedy };
}

function rewriting({ appendOnly, fsync, noSyncOnRewrite }: Facts, name: string): readonly Finding[] {
  if (!appendOnly || fsync !== 'always' || noSyncOnRewrite !== 'yes') return [];
  return [
    {
      what: `${name}: no-appendfsync-on-rewrite yes, so a crash while the append-only file is written anew may lose what was answered since.`,
      ok: false,
      remedy:
        'Set no-appendfsync-on-rewrite no, its default, in redis.conf or with CONFIG SET and CONFIG REWRITE.',
    },
  ];
}

function eviction({ eviction, memoryLimited }: Facts, name: string): Finding {
  if (eviction === 'noeviction')
    return { what: `${name}: a full memory evicts nothing.`, ok: true, remedy: null };
  // Without a memory limit nothing is evicted. But somebody may set one later.
  const now = memoryLimited ? '' : ', once it has a limit';
  return {
    what: `${name}: a full memory evicts keys (${eviction})${now}, and with them claims that runs rely on.`,
    ok: false,
    remedy: 'Set maxmemory-policy noeviction, so that a full Redis refuses new claims and forgets none.',
  };
}

function replication({ replicas, minReplicas }: Facts, name: string): Finding {
  if (replicas === 0)
    return { what: `${name}: no replicas, so no failover can lose anything.`, ok: true, remedy: null };
  const guarded = minReplicas !== null && minReplicas > 0;
  return {
    what: `${name}: ${replicas} replica(s), which follow a moment later; a failover may lose the last answers.`,
    ok: guarded,
    remedy: guarded
      ? null
      : 'Set min-replicas-to-write 1 and min-replicas-max-lag 10, so that a primary that is cut off takes no claims for long.',
  };
}
