import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isSaid, VARIES, type Said } from '../../docs/generate/said.ts';
import { parseTemplate, type Expression } from '../make/engine/iml-syntax.ts';

const root = join(import.meta.dirname, '../..');

/**
 * The texts that stand in the Make app itself, written by hand: what it says without a server of ours, since no code of ours
 * runs on Make. Each once, where it stands first.
 */
export function makeTexts(): readonly Said[] {
  const files = globSync('make-app/app/{general,connections,modules,webhooks}/**/*.iml.json', { cwd: root });
  const said = files
    .filter((file) => HAND_WRITTEN.test(file))
    .sort()
    .flatMap(saidIn);
  return [...new Map(said.map((each) => [each.text, each])).values()];
}

/** All else is generated from what is measured where it is declared. */
const HAND_WRITTEN = /\/(base|[\w-]+\.(communication|attach|detach))\.iml\.json$/;

function saidIn(file: string): readonly Said[] {
  const source = readFileSync(join(root, file), 'utf8');
  return stringsIn(JSON.parse(source)).flatMap((value) => {
    const line = source.slice(0, source.indexOf(JSON.stringify(value))).split('\n').length;
    return textsIn(value)
      .map((text) => text.trim())
      .filter(isSaid)
      .map((text) => ({ file, line, text }));
  });
}

function stringsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

/** What a template says as a whole, and each text that an expression in it may say. */
function textsIn(template: string): readonly string[] {
  const parts = parseTemplate(template);
  const whole = parts.map((part) => ('text' in part ? part.text : textOf(part.expression))).join('');
  return [whole, ...parts.flatMap((part) => ('text' in part ? [] : variesIn(part.expression)))];
}

function textOf(expression: Expression): string {
  if (expression.kind === 'literal') return String(expression.value);
  const isSum = expression.kind === 'binary' && expression.operator === '+';
  return isSum ? textOf(expression.left) + textOf(expression.right) : VARIES;
}

/** What is within an expression that does not say one text: `if` may say either of its last two. */
function variesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'binary':
      return [expression.left, expression.right].flatMap(variesIn);
    case 'call':
      return expression.args.flatMap((arg) => [textOf(arg), ...variesIn(arg)]);
    case 'not':
    case 'member':
    case 'item':
      return variesIn(expression.of);
    default:
      return [];
  }
}
