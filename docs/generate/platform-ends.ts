import {
  OnceOnlyError,
  type ErrorCode,
  type JsonObject,
  type PlatformName,
  type Then,
} from '@onceonly/shared';
import { ENDS_ON_MAKE, makeErrorOf } from '../../server/src/http/make-client.ts';
import { endOfRun, faultOfRun } from '../../zapier-app/src/end-of-run.ts';

/** What the platforms do with a run, asked of their own code. */
type Platform = Exclude<PlatformName, 'node'>;

interface Done {
  readonly outputs: JsonObject;
  readonly then: Then;
}

/** By the names of Zapier's errors. */
const ON_ZAPIER: Readonly<Record<string, string>> = {
  HaltedError: 'The run stops here, without an error.',
  ThrottledError: 'The step is tried again later.',
  ExpiredAuthError: 'The Zap asks you to reconnect.',
  Error: 'The run stops with an error.',
};

const named = (name: string) =>
  class extends Error {
    override readonly name = name;
  };
const ERRORS_OF_ZAPIER = Object.fromEntries(
  Object.keys(ON_ZAPIER).map((name) => [name, named(name)]),
) as unknown as Parameters<typeof endOfRun>[0];

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '');

/** As its `end-of-run.ts` does, which is TypeScript for n8n alone and cannot be asked here. */
const ON_N8N: Readonly<Record<Then, string>> = {
  continue: 'The item goes on.',
  late: 'The item goes on, with a warning.',
  lost: 'The item goes on, with a warning.',
  stop: 'The item stops here, and a hint says why.',
  retry_later: 'The node fails, or the item takes the error output.',
  tell: 'The node fails, or the item takes the error output.',
};

const ON_MAKE: Readonly<Record<string, string>> = {
  bundle: 'The scenario goes on.',
  'no bundle': 'The route ends here, without an error.',
};

const onMake = (end: string): string => ON_MAKE[end] ?? `Error ${end}.`;

/** What comes of a step. */
export const endsOfStep: Readonly<Record<Platform, (done: Done) => string>> = {
  zapier: (done) => {
    const end = endOfRun(ERRORS_OF_ZAPIER, done, () => 0);
    return end === undefined ? 'The Zap goes on.' : (ON_ZAPIER[nameOf(end)] ?? nameOf(end));
  },
  n8n: ({ then }) => ON_N8N[then],
  make: ({ then }) => onMake(ENDS_ON_MAKE[then]),
};

/** What comes of an error. */
export const endsOfError: Readonly<Record<Platform, (code: ErrorCode) => string>> = {
  zapier: (code) => ON_ZAPIER[nameOf(faultOfRun(ERRORS_OF_ZAPIER, new OnceOnlyError(code), () => 0))] ?? '',
  // Whatever is thrown.
  n8n: () => ON_N8N.tell,
  make: (code) => onMake(makeErrorOf(code)),
};
