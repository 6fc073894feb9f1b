import { sources } from '../../shared/src/sources/index.ts';
import type { Part } from '../../shared/src/sources/part.ts';
import type { Condition, Rule, Sender } from '../../shared/src/sources/sender.ts';
import type { Signature } from '../../shared/src/sources/signature.ts';
import { conditionIn, listed, partsIn } from './words.ts';

/** Up to here `docs/senders.md` is written by hand, from here on by the registry. */
export const MARK = '<!-- From here on written by npm run docs -->';

const GENERIC = 'generic';

/** What follows the mark: every sender by its name, whoever else sends at the end. */
export function sendersPage(): string {
  const all: readonly Sender[] = sources;
  const named = all.filter(({ id }) => id !== GENERIC);
  const sorted = [
    ...named.sort((one, other) => one.label.localeCompare(other.label, 'en')),
    ...all.filter(({ id }) => id === GENERIC),
  ];
  const links = sorted.map(({ label }) => `[${label}](#${anchorOf(label)})`).join(' · ');
  return `\n\n${String(named.length)} are known: ${links}\n\n${sorted.map(blockOf).join('\n')}`;
}

export const headingOf = ({ label }: Pick<Sender, 'label'>): string => `### ${label}`;

/** As GitHub makes it. */
const anchorOf = (label: string): string =>
  label
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-');

function blockOf(sender: Sender): string {
  const { seen, retries, recipe, unsigned, docs } = sender;
  const recognised = seen.map(conditionIn).filter((each) => each !== '');
  const lines = [
    `Recognised: ${recognised.length === 0 ? 'where no other is' : recognised.join('; or ')}.`,
    ...keyLines(sender),
    `Retries: ${retries}`,
    `Signature: ${signatureIn(sender.signatures)}`,
    ...(unsigned === undefined ? [] : [`Not signed: ${unsigned}`]),
    `Without Detect: ${recipe}`,
    `[Documentation](${docs})`,
  ];
  return `${headingOf(sender)}\n\n${lines.map((line) => `- ${line}\n`).join('')}`;
}

function keyLines({ id, rules, needs }: Sender): readonly string[] {
  if (id === GENERIC) {
    return [
      'Key: the whole content, but for what you name under **Fields to Leave Out**.',
      `Refused: ${needs}`,
    ];
  }
  const ways = rules.flatMap(waysOf);
  const compared = partsIn(rules.flatMap(comparedBy));
  const lists = [...new Set(rules.flatMap((rule) => ('each' in rule ? rule.each.map(({ of }) => of) : [])))];
  return [
    `Key${ways.length === 1 ? '' : ', by the first line that fits'}:${waysIn(ways)}`,
    ...(compared === '' ? [] : [`Compared: ${compared}.`]),
    ...(lists.length === 0
      ? []
      : [`Several events in one body: split ${listed(lists.map(listIn), 'and')} first.`]),
    `Refused where nothing fits: ${needs}`,
  ];
}

const waysIn = (ways: readonly string[]): string =>
  ways.length === 1
    ? ` ${ways.join('')}`
    : ways.map((way, nth) => `\n  ${String(nth + 1)}. ${capital(way)}`).join('');

/** The ways to a key, or to none. */
function waysOf(rule: Rule): readonly string[] {
  const of = (when: Condition | undefined): string => (when === undefined ? '' : conditionIn(when));
  if ('none' in rule) return [wayIn(of(rule.when), `refused, since the body ${rule.none}`)];
  if (!('each' in rule)) return [wayIn(of(rule.when), `${partsIn(rule.key)}.`)];
  return rule.each.map((one) => {
    const where = [of(rule.when), of(one.when)].filter((each) => each !== '').join(', and ');
    const items = one.of === 'body:[]' ? '' : ` of ${listIn(one.of)}`;
    const what =
      'skip' in one
        ? `the items${items} are no events of their own.`
        : `of each item${items}, ${partsIn(one.key)}.`;
    return wayIn(where, what);
  });
}

const wayIn = (where: string, what: string): string => (where === '' ? what : `where ${where}: ${what}`);

const listIn = (of: string): string =>
  of === 'body:[]' ? 'the body, where it is a list,' : `“${of.slice('body:'.length)}”`;

function comparedBy(rule: Rule): readonly Part[] {
  if ('none' in rule) return [];
  if ('each' in rule) return rule.each.flatMap((one) => ('skip' in one ? [] : (one.covers ?? [])));
  return rule.covers ?? [];
}

function signatureIn(signatures: readonly Signature[] | undefined): string {
  if (signatures === undefined) return 'not checked here.';
  return signatures.map((each) => `checked, in ${headerIn(each)}${aboutIn(each)}`).join('; or ') + '.';
}

const headerIn = ({ header }: Signature): string => `the header ${listed(header.split(' | '), 'or')}`;

function aboutIn(signature: Signature): string {
  if (signature.kind === 'token') return ', which holds the secret itself';
  return signature.coversUrl === true ? '; it needs **Webhook URL**, which is signed too' : '';
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
