import { Type } from 'typebox';
import { answering } from '../answer-schemas.ts';
import { atMostEvery } from '../at-most-every.ts';
import { sendAnswer, type App, type Services } from '../services.ts';

const OK = JSON.stringify({ ok: true });
const response = answering(Type.Object({ ok: Type.Boolean() }));
const readiness = answering(
  Type.Object({
    ok: Type.Boolean(),
    notices: Type.Optional(
      Type.Array(Type.String(), {
        description: 'What a person should know all the same: clocks that are apart.',
      }),
    ),
  }),
);

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
    { schema: { summary: 'Whether claims can be written now', security: [], response: readiness } },
    async (_request, reply) => {
      const notices = (await check()).map(({ what }) => what);
      return sendAnswer(reply, notices.length === 0 ? OK : JSON.stringify({ ok: true, notices }));
    },
  );
}
