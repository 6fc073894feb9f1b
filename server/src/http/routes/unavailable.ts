import { FEATURE_NOT_AVAILABLE } from '../refusal.ts';
import { sendAnswer, type App } from '../services.ts';

/** Of the hosted API, and not of this server. */
const HOSTED_ONLY = [
  '/ai/run',
  ...['/policies', '/tools', '/agents', '/runs'].flatMap((path) => [path, `${path}/*`]),
];

/** Clients of the hosted API are told that a feature is missing, rather than that there is no such address. */
export function unavailableRoutes(app: App): void {
  const options = { schema: { hide: true } };
  for (const path of HOSTED_ONLY)
    app.all(path, options, (_request, reply) => sendAnswer(reply, FEATURE_NOT_AVAILABLE));
  app.post('/events', options, (_request, reply) => sendAnswer(reply, FEATURE_NOT_AVAILABLE));
}
