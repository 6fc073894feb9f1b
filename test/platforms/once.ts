import { createCall, type Backend } from '../../client/src/once.ts';
import { isOnceOnlyError, noRetry, type OnceOptions } from '../../client/src/index.ts';
import { createTestTime } from '../../client/src/testing/test-time.ts';
import type { Json } from '@onceonly/shared';
import type { Outcome, Platform } from './platform.ts';

type Inputs = Readonly<Record<string, unknown>>;

/** Work that goes on until a step of the scenario ends it. */
interface AtWork {
  readonly run: Promise<unknown>;
  end(result: Json): void;
  fail(error: Error): void;
}

/**
 * The package for programmers, whose one call is a claim and what ends it: the steps between begin its work and end it. Its
 * time stands still but for the step that extends; the service has a time of its own.
 */
export function openOnce(place: Backend): Platform {
  const time = createTestTime(0);
  const extended: number[] = [];
  const transport: Backend['transport'] = async (request) => {
    const response = await place.transport(request);
    if (request.path === '/v1/ai/extend') extended.push((response.body as { ttl: number }).ttl);
    return response;
  };
  const { once } = createCall(() => Promise.resolve({ ...place, transport }), time);
  const works = new Map<unknown, AtWork>();

  async function claim(inputs: Inputs): Promise<Outcome> {
    const begun = Promise.withResolvers<Outcome>();
    const end = Promise.withResolvers<Json>();
    const token = `token-${String(works.size + 1)}`;
    const run = once(
      inputs['job'] as string,
      inputs['key'] as string,
      ({ attempt }) => {
        begun.resolve({
          kind: 'continued',
          outputs: { proceed: true, status: 'claimed', claim_token: token, attempt },
        });
        return end.promise;
      },
      optionsOf(inputs),
    );
    works.set(token, { run, end: end.resolve, fail: end.reject });
    run.then(
      ({ value }) => {
        const outputs = {
          proceed: false,
          duplicate: true,
          status: 'completed',
          claim_token: null,
          result: value,
        };
        begun.resolve(
          inputs['on_duplicate'] === 'continue'
            ? { kind: 'continued', outputs }
            : { kind: 'stopped', message: 'It was done before.' },
        );
      },
      (error: unknown) => {
        begun.resolve(refused(error, inputs));
      },
    );
    return begun.promise;
  }

  return {
    name: 'once',
    async run(operation, inputs): Promise<Outcome> {
      if (operation === 'claimKey') return claim(inputs);
      const work = works.get(inputs['claim_token']);
      if (work === undefined) throw new Error(`There is no ${operation} here.`);
      switch (operation) {
        case 'completeKey':
          work.end((inputs['result'] ?? null) as Json);
          return work.run.then(
            () => ({ kind: 'continued', outputs: { completed: true } }),
            (error: unknown) => refused(error, inputs),
          );
        case 'failKey': {
          const error = new Error(inputs['reason'] as string);
          work.fail(inputs['retryable'] === false ? noRetry(error) : error);
          await expect(work.run).rejects.toBe(error);
          return { kind: 'continued', outputs: { failed: true } };
        }
        case 'extendClaim': {
          const before = extended.length;
          await time.advance((Number(inputs['hold_minutes']) * 60_000) / 3);
          while (extended.length === before) await new Promise((resolve) => setImmediate(resolve));
          return { kind: 'continued', outputs: { extended: true, hold_seconds: extended.at(-1) ?? null } };
        }
        default:
          throw new Error(`There is no ${operation} here.`);
      }
    },
    close: () => place.close(),
  };
}

const optionsOf = (inputs: Inputs): OnceOptions<Json> => ({
  holdFor: Number(inputs['hold_minutes']) * 60_000,
  wait: 0,
  ...(inputs['if_run_died'] === 'block' && { ifDied: 'ask' }),
  ...(typeof inputs['max_attempts'] === 'number' && { attempts: inputs['max_attempts'] }),
});

function refused(error: unknown, inputs: Inputs): Outcome {
  if (!isOnceOnlyError(error)) return { kind: 'told', message: String(error) };
  const { code, message } = error;
  if (code !== 'in_progress') return { kind: 'told', message };
  return { kind: inputs['while_in_progress'] === 'retry_later' ? 'later' : 'stopped', message };
}
