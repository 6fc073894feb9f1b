/**
 * A process of `npm run bench` that serves one contender: `node peers.ts NAME STORE_URL` sends its parent where it listens.
 * All take the same request as our server's claim, with the same authentication, and store that its work is done.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { CachePersistenceLayer } from '@aws-lambda-powertools/idempotency/cache';
import fastify from 'fastify';
import { Pool } from 'pg';
import { createClient } from 'redis';
import { Type } from 'typebox';

const API_KEY = 'bench';
const [name = '', storeUrl = ''] = process.argv.slice(2);

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const expected = hashOf(`Bearer ${API_KEY}`);
const isAllowed = (authorization = ''): boolean => timingSafeEqual(hashOf(authorization), expected);

type Work = (key: string) => Promise<object>;

/** Its work is no work: what is left is what the claim costs. */
const works: Readonly<Record<string, () => Promise<Work>>> = {
  floor: () => Promise.resolve((key) => Promise.resolve({ ok: true, status: 'acquired', key })),

  powertools: async () => {
    const client = await createClient({ url: storeUrl }).connect();
    const config = new IdempotencyConfig({ expiresAfterSeconds: 600 });
    // Without a deadline it would let duplicates through.
    config.registerLambdaContext({ getRemainingTimeInMillis: () => 30_000 });
    const persistenceStore = new CachePersistenceLayer({ client: client as never });
    return makeIdempotent((key: string) => Promise.resolve({ ok: true, key }), { persistenceStore, config });
  },

  'a statement a request': async () => {
    const pool = new Pool({ connectionString: storeUrl, max: 10, idleTimeoutMillis: 0 });
    await pool.query(
      'CREATE TABLE plain (key text PRIMARY KEY, claimed_at timestamptz NOT NULL DEFAULT now())',
    );
    return async (key) => {
      const { rowCount } = await pool.query('INSERT INTO plain (key) VALUES ($1) ON CONFLICT DO NOTHING', [
        key,
      ]);
      return { ok: rowCount === 1, key };
    };
  },
};

async function onFastify(work: Work): Promise<number> {
  const app = fastify();
  const body = Type.Object({
    key: Type.String({ minLength: 1, maxLength: 256 }),
    ttl: Type.Integer({ minimum: 1 }),
  });
  app.post('/v1/ai/lease', { schema: { body } }, async (request, reply) => {
    if (!isAllowed(request.headers.authorization)) return reply.code(403).send();
    return work((request.body as { key: string }).key);
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return (app.server.address() as AddressInfo).port;
}

const work = await works[name]?.();
if (work === undefined) throw new Error(`There is no peer “${name}”.`);
const port = await onFastify(work);
process.send?.({ baseUrl: `http://127.0.0.1:${String(port)}`, apiKey: API_KEY });
process.on('disconnect', () => process.exit());
