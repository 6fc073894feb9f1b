/** What a file of the app may hold. */
export type Value =
  null | boolean | number | string | readonly Value[] | { readonly [member: string]: Value | undefined };

export type Members = Readonly<Record<string, Value | undefined>>;

export function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Every text in it, with the way there. */
export function* textsIn(
  value: Value | undefined,
  path = '',
): Generator<readonly [path: string, text: string]> {
  if (typeof value === 'string') yield [path, value];
  else if (Array.isArray(value)) {
    for (const [index, each] of (value as readonly Value[]).entries())
      yield* textsIn(each, `${path}/${String(index)}`);
  } else if (isMembers(value)) {
    for (const [name, each] of Object.entries(value)) {
      yield [`${path}/${name}`, name];
      yield* textsIn(each, `${path}/${name}`);
    }
  }
}

/** A word as it is, and nothing for what is none: names, labels and paths are words, or else missing. */
export const wordOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
