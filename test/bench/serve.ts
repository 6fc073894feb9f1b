import fastify from 'fastify';
import type { AddressInfo } from 'node:net';
import { Type } from 'typebox';
import { openWorld } from '../world.ts';

/** A process of its own: `store` is our server on SQLite, `floor` the same framework and validation without a store. */
const [kind] = process.argv.slice(2);

async function floor(): Promise<{ baseUrl: string; apiKey: string }> {
  const app = fastify();
  const schema = { body: Type.Object({ key: Type.String({ minLength: 1, maxLength: 256 }) }) };
  app.post('/v1/ai/lease', { schema }, (request, reply) => {
    if (request.headers.authorization !== 'Bearer floor') return reply.code(403).send();
    return { ok: true, status: 'acquired', ...(request.body as object) };
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  return {
    baseUrl: `http://127.0.0.1:${String((app.server.address() as AddressInfo).port)}`,
    apiKey: 'floor',
  };
}

const { baseUrl, apiKey } = kind === 'floor' ? await floor() : await openWorld();
process.send?.({ baseUrl, apiKey });
process.on('disconnect', () => process.exit());
