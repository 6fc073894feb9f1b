import { isEmpty } from './functions.ts';
import { MakeError } from './http.ts';
import type { Section } from './app.ts';

/*
 * What Make does with the values of a module's fields before the module runs. [D] Mapped values take the type of their
 * field, and limits and required fields are checked: a BundleValidationError. [A] A default fills only the form: a value
 * that the user took away, or never saw among the advanced ones, may be missing here.
 * [D] The nested fields of a select belong to the option that is chosen. [A] Those of other options are not handed over.
 */

export function readParameters(
  fields: readonly Section[],
  given: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const entries = fields
    .flatMap((field) => [field, ...nestedIn(field, given)])
    .map((field) => {
      const name = String(field['name']);
      const value = typed(field, given[name]);
      if (isEmpty(value)) {
        if (field['required'] === true) throw invalid(name, 'is missing');
        return [name, value] as const;
      }
      check(field, name, value);
      return [name, value] as const;
    });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

function nestedIn(field: Section, given: Readonly<Record<string, unknown>>): readonly Section[] {
  const chosen = given[String(field['name'])] ?? field['default'];
  const options = field['type'] === 'select' ? (field['options'] as readonly Section[]) : [];
  return options.flatMap(({ value, nested }) => (value === chosen ? ((nested ?? []) as Section[]) : []));
}

function typed(field: Section, value: unknown): unknown {
  if (isEmpty(value)) return value;
  switch (field['type']) {
    case 'text':
    case 'select':
      return typeof value === 'number' || typeof value === 'boolean' ? String(value) : value;
    case 'number':
    case 'uinteger':
      return typeof value === 'string' ? Number(value) : value;
    case 'boolean':
      return typeof value === 'string' ? value === 'true' : value;
    default:
      return value;
  }
}

function check(field: Section, name: string, value: unknown): void {
  const { min, max, pattern } = (field['validate'] ?? {}) as Record<string, unknown>;
  const size = typeof value === 'string' ? value.length : value;
  if (typeof size === 'number') {
    if (Number.isNaN(size)) throw invalid(name, 'is no number');
    if (typeof max === 'number' && size > max) throw invalid(name, `is over ${String(max)}`);
    if (typeof min === 'number' && size < min) throw invalid(name, `is under ${String(min)}`);
  }
  if (typeof pattern === 'string' && !new RegExp(pattern).test(String(value)))
    throw invalid(name, 'does not match its pattern');
}

const invalid = (name: string, what: string): MakeError =>
  new MakeError('BundleValidationError', `Validation failed for 1 parameter(s): ${name} ${what}.`);
