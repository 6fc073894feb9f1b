import { ERRORS, type Field, type Operation } from '@onceonly/shared';
import { match, type Rule } from '@onceonly/shared/rules.ts';
import { refusalOf } from './capabilities.ts';
import { type Facts, fold, mapLeaves } from './fold.ts';
import { condition, type Dialect, quoted, toCode } from './iml.ts';
import type { Members } from './json.ts';

const { happened, todo } = ERRORS.unexpected_answer;
const UNEXPECTED = quoted(`${happened} ${todo}`);

const CONNECTION = "'ConnectionError'";

/** Every answer of the service has a status: what has none did not come from it. */
const IS_ANSWER = "(ifempty(body.status, '') != '')";

const ERROR_TYPES = { raise: 'DuplicateDataError', retry_later: 'RateLimitError' };

/**
 * When an answer is an error on Make, of which type, and what the user reads: outcomes that are told, tried again later
 * or raised, choices that could not be kept, and what is no answer of the service.
 */
export function validityOf(
  { outputs, then }: Operation,
  fields: readonly Field[],
  facts: Facts,
  dialect: Dialect,
): Members {
  const what = fold(then, facts);
  const leaf = (to: (leaf: Rule) => Rule): Rule => mapLeaves(what, (each) => fold(to(each), facts));
  const isFine = leaf((each) => ({ is: [each, 'continue', 'stop', 'late'] }));
  const type = leaf((each) => match(each, ERROR_TYPES, 'DataError'));
  const message = outputs.some(({ id }) => id === 'message') ? facts.outputs?.get('message') : undefined;
  const refusal = refusalOf(fields);

  const fine = [
    ...(refusal ? [`!${refusal.unkept}`] : []),
    IS_ANSWER,
    ...(isFine === true ? [] : [condition(isFine, dialect)]),
  ];
  // Where no outcome is an error, only what is no answer is left to speak of.
  const said =
    isFine === true ? UNEXPECTED : `if(${IS_ANSWER}, ${toCode(message ?? null, dialect)}, ${UNEXPECTED})`;
  const typed = isFine === true ? CONNECTION : `if(${IS_ANSWER}, ${toCode(type, dialect)}, ${CONNECTION})`;
  if (refusal === undefined && isFine === true) {
    return { condition: `{{${IS_ANSWER}}}`, message: `${happened} ${todo}`, type: 'ConnectionError' };
  }
  const unless = (said: string, refused: string): string =>
    `{{${refusal ? `if(${refusal.unkept}, ${refused}, ${said})` : said}}}`;
  return {
    condition: `{{${fine.join(' && ')}}}`,
    message: unless(said, refusal?.message ?? ''),
    type: unless(typed, "'DataError'"),
  };
}
