import { defaultOf, type Field } from '@onceonly/shared';
import type { Path } from '@onceonly/shared/rules.ts';
import { quoted, type Reading } from './iml.ts';

/** Where the answer of an earlier request of the same module is kept. */
export const EARLIER = 'first';

/**
 * How a module reads inputs and answers. Make hands over what the user entered or mapped: text is trimmed and defaults
 * are filled in here, as the client does on other platforms. `after` says how many answers there are: members of a later
 * one win.
 */
export function createReader(fields: readonly Field[], after: 1 | 2 = 1): (path: Path) => Reading {
  const byId = new Map(fields.map((field) => [field.id, field]));
  return (path) => {
    const [source, name = ''] = path.split('.', 2);
    if (source === 'answer') {
      return { code: after === 1 ? `body.${name}` : `ifempty(body.${name}, temp.${EARLIER}.${name})` };
    }
    const field = byId.get(name);
    if (source !== 'input' || field === undefined) throw new Error(`Make has nothing to read ${path} from.`);
    return inputOf(field);
  };
}

export function inputOf(field: Field): Reading {
  const entered = `parameters.${field.id}`;
  if (field.type === 'json' || field.type === 'list') return { code: entered };
  if (field.type === 'text') {
    return {
      code: field.required && !field.onlyIf ? `trim(${entered})` : `trim(ifempty(${entered}, ''))`,
      sure: 'text',
    };
  }
  const standard = defaultOf(field, 'make');
  if (standard === null) return { code: entered };
  const code = typeof standard === 'string' ? quoted(standard) : String(standard);
  return { code: `ifempty(${entered}, ${code})`, sure: 'value' };
}

/** Whether the user chose anything but the default. */
export function isChosen(field: Field): string {
  const { code, sure } = inputOf(field);
  if (field.type === 'boolean') return field.default ? `!${code}` : code;
  if (field.type === 'text') return `(${code} != '')`;
  const standard = defaultOf(field, 'make');
  if (sure === undefined || standard === null) return `(ifempty(${code}, '') != '')`;
  return `(${code} != ${typeof standard === 'string' ? quoted(standard) : String(standard)})`;
}
