import fastify from 'fastify';
import type { AddressInfo } from 'node:net';

/** A payment provider on this machine that keeps Stripe's rules of Idempotency-Key. */
export interface Charges {
  readonly port: number;
  /** The charges that were made, by amount. */
  readonly made: readonly number[];
  /** Whether the next card is declined. */
  declines: boolean;
  close(): Promise<void>;
}

interface Stored {
  readonly asked: string;
  readonly status: number;
  readonly body: object;
}

/**
 * The first answer under a key stands, a decline too, and is given to whoever asks again with the same parameters; with
 * others, it is an error (docs.stripe.com/api/idempotent_requests). The key of a request under way is a conflict.
 */
export async function openCharges(): Promise<Charges> {
  const stored = new Map<string, Stored | 'under way'>();
  const made: number[] = [];
  const app = fastify();
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => {
      done(null, body);
    },
  );
  const charges = { port: 0, made, declines: false, close: () => app.close() };
  app.post('/v1/payment_intents', async (request, reply) => {
    const key = String(request.headers['idempotency-key']);
    const asked = request.body as string;
    const before = stored.get(key);
    if (before === 'under way')
      return reply.code(409).send(errorOf('idempotency_error', 'idempotency_key_in_use'));
    if (before !== undefined) {
      if (before.asked !== asked) return reply.code(400).send(errorOf('idempotency_error'));
      return reply.code(before.status).header('idempotent-replayed', 'true').send(before.body);
    }
    stored.set(key, 'under way');
    await new Promise(setImmediate);
    if (!charges.declines) made.push(Number(new URLSearchParams(asked).get('amount')));
    const answer = charges.declines
      ? { status: 402, body: errorOf('card_error', 'card_declined') }
      : {
          status: 200,
          body: { id: `pi_${String(made.length)}`, object: 'payment_intent', status: 'succeeded' },
        };
    stored.set(key, { asked, ...answer });
    return reply.code(answer.status).send(answer.body);
  });
  await app.listen({ port: 0, host: '127.0.0.1' });
  charges.port = (app.server.address() as AddressInfo).port;
  return charges;
}

const errorOf = (type: string, code?: string) => ({ error: { type, code, message: code ?? type } });
