import { isDeepStrictEqual } from 'node:util';
import { Deviation, asJson, type Reply } from './server-under-test.ts';

/** A check of a value; `words` describe what is expected. */
export interface Shape {
  readonly words: string;
  readonly fits: (value: unknown) => boolean;
}

const shape = (words: string, fits: Shape['fits']): Shape => ({ words, fits });

export const TEXT = shape('a text', (value) => typeof value === 'string' && value !== '');
export const COUNT = shape('a number', (value) => typeof value === 'number');
export const LIST = shape('a list', Array.isArray);
export const INSTANT = shape(
  'an instant in UTC',
  (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)$/.test(value),
);
export const SECONDS = shape(
  'whole seconds, 1 or more',
  (value) => Number.isInteger(value) && Number(value) >= 1,
);
export const UUID = shape('a UUID', (value) =>
  /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(String(value)),
);
export const NONE = shape('null or missing', (value) => value === null || value === undefined);
export const HELD = shape(
  'in_progress or polling',
  (value) => value === 'in_progress' || value === 'polling',
);
export const above = (least: number): Shape =>
  shape(`more than ${String(least)}`, (value) => typeof value === 'number' && value > least);
export const other = (than: unknown): Shape => shape(`other than ${asJson(than)}`, (value) => value !== than);

/**
 * Returns the body of an answer. Throws a `Deviation` if the status or a member is not as expected. For a member, give a `Shape` or
 * the value itself.
 */
export function expectReply(reply: Reply, status: number, members: Readonly<Record<string, unknown>> = {}) {
  if (reply.status !== status) {
    throw new Deviation(
      `HTTP ${String(status)} was promised; HTTP ${String(reply.status)} ${asJson(reply.body)} came.`,
    );
  }
  expectMembers(reply.body ?? {}, members);
  return reply.body ?? {};
}

/** Throws a `Deviation` that names the first member that is not as expected. */
export function expectMembers(
  value: Readonly<Record<string, unknown>>,
  members: Readonly<Record<string, unknown>>,
): void {
  for (const [name, wanted] of Object.entries(members)) {
    const is = value[name];
    if (isShape(wanted) ? wanted.fits(is) : isDeepStrictEqual(is, wanted)) continue;
    const words = isShape(wanted) ? wanted.words : asJson(wanted);
    throw new Deviation(`“${name}” was to be ${words}, and is ${asJson(is)}.`);
  }
}

const isShape = (value: unknown): value is Shape =>
  typeof value === 'object' && value !== null && 'fits' in value && typeof value.fits === 'function';

/** Expects a refusal: `{"detail":{"error":…}}`. */
export function expectRefusal(reply: Reply, status: number, error: string): void {
  const { detail } = expectReply(reply, status);
  expectMembers(typeof detail === 'object' && detail !== null ? { ...detail } : {}, { error });
}
