import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { Type } from 'typebox';
import type { FindApiKey } from '../../api-keys.ts';
import type { Sessions } from '../../sessions.ts';
import { answering } from '../answer-schemas.ts';
import { anyJson } from '../request-fields.ts';
import { INVALID_KEY, NOT_OF_A_PAGE, OPERATOR_KEY_NEEDED, rateLimited } from '../refusal.ts';
import { sendAnswer, type App } from '../services.ts';
import { isOfOwnPage, setSessionToken } from '../session-cookie.ts';
import { addressBlock } from '../unknown-keys.ts';

/** Limits sign-ins per address. API keys are too long to be guessed, so this only limits the load. */
const ATTEMPTS_A_MINUTE = 20;

/** Validated by hand, so that no error shows the API key. */
const SignInBody = Type.Object({
  api_key: anyJson({ description: 'An API key with the role operator.' }),
});
const response = answering(Type.Object({ ok: Type.Boolean() }));
const OK = JSON.stringify({ ok: true });

/** Signing in to the dashboard, and out. A session cookie takes the place of an API key. */
export function sessionRoutes(app: App, findApiKey: FindApiKey, sessions: Sessions): void {
  const attempts = new RateLimiterMemory({ points: ATTEMPTS_A_MINUTE, duration: 60 });

  const signingIn = {
    summary: 'Begins a session of the dashboard, in a cookie',
    security: [],
    body: SignInBody,
    response,
  };
  app.post('/session', { schema: signingIn }, async (request, reply) => {
    if (!isOfOwnPage(request)) return sendAnswer(reply, NOT_OF_A_PAGE);
    try {
      await attempts.consume(addressBlock(request.ip));
    } catch (refused) {
      if (refused instanceof RateLimiterRes) return sendAnswer(reply, rateLimited(refused.msBeforeNext));
      throw refused;
    }
    const { api_key: secret } = request.body;
    const apiKey = typeof secret === 'string' ? await findApiKey(secret, request.ip) : null;
    if (apiKey === null) return sendAnswer(reply, INVALID_KEY);
    if (apiKey.role !== 'operator') return sendAnswer(reply, OPERATOR_KEY_NEEDED);
    setSessionToken(request, reply, sessions.begin(apiKey));
    return sendAnswer(reply, OK);
  });

  const signingOut = { summary: 'Ends the session in this browser', security: [], response };
  app.delete('/session', { schema: signingOut }, async (request, reply) => {
    if (!isOfOwnPage(request)) return sendAnswer(reply, NOT_OF_A_PAGE);
    setSessionToken(request, reply, '');
    return sendAnswer(reply, OK);
  });
}
