import { Type } from 'typebox';
import { answering } from '../answer-schemas.ts';
import { atMostEvery } from '../at-most-every.ts';
import { sendAnswer, type App, type Services } from '../services.ts';

const OK = JSON.stringify({ ok: true });
const response = answering(Type.Object({ ok: Type.Boolean() }));

/** For whatever watches the server; no API key is needed. */
export function healthRoutes(app: App, { store }: Services): void {
  // Whoever asks without an API key costs the store next to nothing.
  const check = atMostEvery(1_000, () => store.check());
  app.get(
    '/healthz',
    { schema: { summary: 'Whether the process runs', security: [], response } },
    async (_request, reply) => sendAnswer(reply, OK),
  );
  app.get(
    '/readyz',
    { schema: { summary: 'Whether claims can be written now', security: [], response } },
    async (_request, reply) => {
      await check();
      return sendAnswer(reply, OK);
    },
  );
}
