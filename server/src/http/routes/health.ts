import { Type } from 'typebox';
import { StoreUnavailable } from '../../claims/claim-store.ts';
import { logFailure } from '../../log-failure.ts';
import { answering } from '../answer-schemas.ts';
import type { Answer } from '../answers.ts';
import { STORE_UNAVAILABLE } from '../refusal.ts';
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

/** The routes for health checks, which need no API key. */
export function healthRoutes(app: App, { store }: Services): void {
  // Callers without an API key must not be able to load the store.
  const check = atMostEvery(1_000, () => store.check());
  const ready = async (): Promise<Answer> => {
    try {
      const notices = (await check()).map(({ what }) => what);
      return notices.length === 0 ? OK : JSON.stringify({ ok: true, notices });
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      logFailure(app, app.log, error, 'not ready');
      return { ...STORE_UNAVAILABLE, detail: whyNotReady(error) };
    }
  };
  app.get(
    '/healthz',
    { schema: { summary: 'Whether the process runs', security: [], response } },
    async (_request, reply) => sendAnswer(reply, OK),
  );
  app.get(
    '/readyz',
    { schema: { summary: 'Whether claims can be written now', security: [], response: readiness } },
    async (_request, reply) => sendAnswer(reply, await ready()),
  );
}

/** Runs `work` at most once every `everyMs`. Callers in between share its answer, or its failure. */
function atMostEvery<T>(everyMs: number, work: () => Promise<T>): () => Promise<T> {
  let last: { readonly answer: Promise<T>; readonly at: number } | undefined;
  return () => {
    const now = performance.now();
    if (last === undefined || now - last.at >= everyMs) last = { answer: work(), at: now };
    return last.answer;
  };
}

const KINDS: readonly (readonly [of: RegExp, says: string])[] = [
  [/disk .*full|no space left|OOM command/i, "The store's disk or memory is full."],
  [/deleted or replaced/i, "The store's file was deleted or replaced while it is in use."],
  [/read.?only|may not|denied/i, 'The store takes no writes of this server.'],
  [/more to do/i, 'The store has more to do than it can keep up with.'],
];

/** Why the store is not ready, for anybody: only the kind of failure, without addresses and paths. */
function whyNotReady({ message }: StoreUnavailable): string {
  const known = KINDS.find(([of]) => of.test(message))?.[1];
  return `${known ?? 'The store does not answer.'} Claims cannot be written now; the server's log says more.`;
}
