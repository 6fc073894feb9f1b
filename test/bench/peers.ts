/**
 * A process of `npm run bench` that serves one contender: `node peers.ts NAME REDIS_URL POSTGRES_URL` sends its parent where it
 * listens. All take the same request as our server's claim, with the same authentication, and store that its work is done.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { CachePersistenceLayer } from '@aws-lambda-powertools/idempotency/cache';
import { Idempotency } from '@node-idempotency/core';
import { RedisStorageAdapter } from '@node-idempotency/storage-adapter-redis';
import express from 'express';
import { getSharedIdempotencyService, idempotency, type IIdempotencyDataAdapter } from 'express-idempotency';
import fastify from 'fastify';
import { Pool } from 'pg';
import { createClient } from 'redis';
import { Type } from 'typebox';

const API_KEY = 'bench';
const [name = '', redisUrl = '', postgresUrl = ''] = process.argv.slice(2);

const hashOf = (text: string): Buffer => createHash('sha256').update(text).digest();
const expected = hashOf(`Bearer ${API_KEY}`);
const isAllowed = (authorization = ''): boolean => timingSafeEqual(hashOf(authorization), expected);

type Work = (key: string) => Promise<object>;

/** Its work is no work: what is left is what the claim costs. */
const works: Readonly<Record<string, () => Promise<Work>>> = {
  floor: () => Promise.resolve((key) => Promise.resolve({ ok: true, status: 'acquired', key })),

  powertools: async () => {
    const client = await createClient({ url: redisUrl }).connect();
    const config = new IdempotencyConfig({ expiresAfterSeconds: 600 });
    // Without a deadline it would let duplicates through.
    config.registerLambdaContext({ getRemainingTimeInMillis: () => 30_000 });
    const persistenceStore = new CachePersistenceLayer({ client: client as never });
    return makeIdempotent((key: string) => Promise.resolve({ ok: true, key }), { persistenceStore, config });
  },

  'node-idempotency': async () => {
    const storage = new RedisStorageAdapter({ url: redisUrl });
    await storage.connect();
    const guard = new Idempotency(storage, { cacheTTLMS: 600_000 });
    return async (key) => {
      const request = { method: 'POST', path: '/', headers: { 'idempotency-key': key }, body: { key } };
      const known = await guard.onRequest(request);
      if (known !== undefined) return known;
      const body = { ok: true, key };
      await guard.onResponse(request, { body });
      return body;
    };
  },

  'a statement a request': async () => {
    const pool = new Pool({ connectionString: postgresUrl, max: 10 });
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

async function onExpress(): Promise<number> {
  // Its types say another way to import it than it has.
  const adapters = createRequire(import.meta.url)('express-idempotency-redis-adapter') as {
    readonly default: new (options: object) => IIdempotencyDataAdapter & { connect(): Promise<void> };
  };
  const dataAdapter = new adapters.default({ connectionConfig: { url: redisUrl }, ttl: 600 });
  await dataAdapter.connect();
  const app = express();
  app.use(express.json(), (request, response, next) => {
    if (!isAllowed(request.headers.authorization)) return void response.sendStatus(403);
    request.headers['idempotency-key'] = (request.body as { key: string }).key;
    next();
  });
  app.use(idempotency({ dataAdapter }) as never);
  app.post('/v1/ai/lease', (request, response) => {
    if (!getSharedIdempotencyService().isHit(request as never)) response.json({ ok: true });
  });
  const server = app.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return (server.address() as AddressInfo).port;
}

const work = await works[name]?.();
const port = work === undefined ? await onExpress() : await onFastify(work);
process.send?.({ baseUrl: `http://127.0.0.1:${String(port)}`, apiKey: API_KEY });
process.on('disconnect', () => process.exit());
