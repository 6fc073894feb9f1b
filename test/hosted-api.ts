import type { Store } from '../server/src/store/store.ts';
import { sendRefusal } from '../server/src/http/error-answers.ts';
import { FEATURE_NOT_AVAILABLE } from '../server/src/http/refusal.ts';
import type { App } from '../server/src/http/services.ts';

/** How the hosted API is to be imitated. */
export interface HostedOnly {
  /** Some installations answer a duplicate of check-lock with HTTP 409. */
  readonly duplicate409?: boolean;
}

const ADDED_PATHS = new Set([
  '/v1/ai/lease/batch',
  '/v1/ai/complete/batch',
  '/v1/keys',
  '/v1/keys/resolve',
  '/v1/keys/derive',
  '/v1/metrics/jobs',
  '/v1/session',
]);

/** What the hosted API would have, if it had it: clients are told that the feature is missing. */
const ADDED_FEATURES = new Set(['/v1/hooks', '/v1/hooks/deliveries']);

const ADDED_FIELDS = [
  'holder',
  'run',
  'wait',
  'on_expired',
  'retention',
  'fingerprint',
  'max_attempts',
  'retryable',
  'effect',
  'reject_empty',
  'truncate_result',
  ...['source', 'job', 'payload', 'headers', 'fields', 'signing_secret', 'signature_max_age', 'url'],
];

const ADDED_MEMBERS = [
  'attempt',
  'reentrant',
  'expires_at',
  'fence',
  'idempotency_key',
  'exhausted',
  'unresolved',
  'state',
  'retryable',
  'reasoning_tokens',
  ...['capabilities', 'durability', 'role', 'limits', 'key_id', 'derivations', 'derivation_known'],
  ...['made_from', 'warning', 'warnings', 'signature_checked'],
];

/**
 * Makes the app answer as the hosted API does, which knows nothing of this server's additions: their fields are
 * ignored, their paths missing, their members absent, and whoever polls is shown the lease. For tests of clients.
 */
export const asHosted =
  (options: HostedOnly) =>
  (app: App, store: Store): void => {
    app.addHook('onRequest', (request, reply, done) => {
      delete request.raw.headers['x-onceonly-outcomes'];
      const path = pathOf(request.url);
      if (ADDED_PATHS.has(path) || path.startsWith('/v1/make/'))
        reply.code(404).send({ detail: 'Not Found' });
      else if (ADDED_FEATURES.has(path)) sendRefusal(reply, FEATURE_NOT_AVAILABLE);
      else done();
    });

    app.addHook('preValidation', (request, _reply, done) => {
      const { body } = request;
      if (typeof body === 'object' && body !== null) {
        for (const field of ADDED_FIELDS) Reflect.deleteProperty(body, field);
      }
      done();
    });

    app.addHook('onSend', async (request, reply, payload) => {
      const path = pathOf(request.url);
      if (typeof payload !== 'string' || !path.startsWith('/v1/') || reply.statusCode !== 200) return payload;
      const answer = JSON.parse(payload) as Record<string, unknown>;
      for (const member of ADDED_MEMBERS) Reflect.deleteProperty(answer, member);
      if (path === '/v1/ai/lease') delete answer['result'];
      if (answer['status'] === 'in_progress' && 'lease_id' in answer && request.apiKey) {
        const seen = await store.claims.read({ tenant: request.apiKey.tenant, key: String(answer['key']) });
        if (seen.outcome === 'found') answer['lease_id'] = seen.record.leaseId;
      }
      if (options.duplicate409 && path === '/v1/check-lock' && answer['status'] === 'duplicate') {
        reply.code(409);
        return JSON.stringify({
          detail: { error: 'Duplicate blocked', first_seen_at: answer['first_seen_at'] },
        });
      }
      return JSON.stringify(answer);
    });
  };

const pathOf = (url: string): string => url.split('?', 1)[0] ?? '';
