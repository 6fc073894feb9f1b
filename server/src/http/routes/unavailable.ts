import { FEATURE_NOT_AVAILABLE } from '../refusal.ts';
import { sendAnswer, type App } from '../services.ts';

/** The paths of the hosted API that this server does not have. */
const HOSTED_ONLY = [
  '/ai/run',
  ...['/policies', '/tools', '/agents', '/runs'].flatMap((path) => [path, `${path}/*`]),
];

/** Tells clients of the hosted API that a feature is not available, which they understand better than a 404. */
export function unavailableRoutes(app: App): void {
  const options = { schema: { hide: true } };
  for (const path of HOSTED_ONLY)
    app.all(path, options, (_request, reply) => sendAnswer(reply, FEATURE_NOT_AVAILABLE));
  app.post('/events', options, (_request, reply) => sendAnswer(reply, FEATURE_NOT_AVAILABLE));
}
