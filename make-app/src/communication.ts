import type { Field, Operation } from '@onceonly/shared';
import { input } from '@onceonly/shared/rules.ts';
import type { Request } from '@onceonly/shared/operations/operation.ts';
import { TEST_PREFIX } from '@onceonly/shared/token.ts';
import { has, refusalOf } from './capabilities.ts';
import { givenFacts, openFacts, withOutputs } from './facts.ts';
import { type Facts, fold, isForm, mapLeaves } from './fold.ts';
import { condition, type Dialect, quoted, toCode, toIml } from './iml.ts';
import type { Members } from './json.ts';
import type { Overlay } from './overlay.ts';
import { createReader, EARLIER } from './reading.ts';
import { RESULT, RESULT_HASH, RESULT_TEMP } from './results.ts';
import { validityOf } from './validity.ts';

/** Whether an outcome may end the route quietly: then the module is a search, which may find nothing. */
export function mayStop({ then }: Operation): boolean {
  let may = false;
  mapLeaves(then, (leaf) => {
    may ||= isForm(leaf) || leaf === 'stop';
    return leaf;
  });
  return may;
}

/** The requests of an operation, and what is made of the answers, as Make carries them out. */
export function communicationOf(
  operation: Operation,
  fields: readonly Field[],
  overlay: Overlay,
): Members | readonly Members[] {
  const [first, second, ...more] = operation.requests;
  if (second === undefined) return requestOf(first, operation, fields, overlay, 1);
  // Sent whether it is due or not: a request that only reads does no harm, and one that is skipped would leave Make
  // without an output.
  if (more.length > 0 || [first, second].some(({ method }) => method !== 'GET')) {
    throw new Error(`${operation.id}: Make is told of at most two requests, and only of such that read.`);
  }
  const keep = {
    valid: validityOf(operation, fields, openFacts(operation, overlay), reader(fields)),
    temp: { [EARLIER]: '{{body}}' },
    output: null,
  };
  return [
    { url: first.path, method: first.method, qs: sent(first, operation, fields, overlay), response: keep },
    requestOf(second, operation, fields, overlay, 2),
  ];
}

const reader = (fields: readonly Field[], after: 1 | 2 = 1): Dialect => ({
  read: createReader(fields, after),
  none: 'null',
});

function requestOf(
  request: Request,
  operation: Operation,
  fields: readonly Field[],
  overlay: Overlay,
  after: 1 | 2,
): Members {
  const facts = openFacts(operation, overlay);
  const dialect = reader(fields, after);
  const members = sent(request, operation, fields, overlay);
  const wraps = Object.values(request.send).some((rule) => isForm(rule) && 'wrap' in rule);
  return {
    ...(overlay.test && { condition: testCondition(operation, fields, overlay) }),
    url: urlOf(request, fields, overlay),
    method: methodOf(request, fields),
    ...(wraps && { temp: RESULT_TEMP }),
    ...(request.method === 'GET' ? { qs: members } : { body: members }),
    response: {
      valid: validityOf(operation, fields, facts, dialect),
      ...(mayStop(operation) && {
        iterate: { container: "{{split('once', ',')}}", condition: goesOn(operation, facts, dialect) },
      }),
      output: outputsOf(operation, facts, dialect),
    },
  };
}

function outputsOf({ outputs }: Operation, facts: Facts, dialect: Dialect): Members {
  return Object.fromEntries(outputs.map(({ id }) => [id, toIml(facts.outputs?.get(id) ?? null, dialect)]));
}

const goesOn = ({ then }: Operation, facts: Facts, dialect: Dialect): string => {
  const rule = mapLeaves(fold(then, facts), (leaf) => fold({ is: [leaf, 'continue', 'late'] }, facts));
  return `{{${condition(rule, dialect)}}}`;
};

function sent({ send }: Request, operation: Operation, fields: readonly Field[], overlay: Overlay): Members {
  const dialect: Dialect = { read: createReader(fields), none: 'undefined', wrap: () => RESULT };
  const rules = { ...send, ...overlay.fallback?.send };
  const members = Object.entries(rules).map(([member, rule]) => {
    const special = specialMember(member, send, fields, dialect);
    return [member, special ?? toIml(fold(rule, givenFacts(operation, overlay)), dialect)] as const;
  });
  return Object.fromEntries(members.filter(([, value]) => value !== '{{undefined}}'));
}

/** What the client does on other platforms, and Make must be told. */
function specialMember(
  member: string,
  send: Request['send'],
  fields: readonly Field[],
  dialect: Dialect,
): string | undefined {
  if (member === 'result_hash') return `{{${RESULT_HASH}}}`;
  if (!fields.some(({ id }) => id === 'run_reference')) return undefined;
  const reference = toCode(input('run_reference'), dialect);
  if (member === 'wait') return `{{if(${reference} == '', undefined, 20)}}`;
  if (member !== 'holder' || send['key'] === undefined) return undefined;
  // A reference taken from the event would let every copy of it pass. Sent as the key itself, the service refuses it.
  const key = toCode(send['key'], dialect);
  const isKey = `(${reference} == ${toCode(input('key'), dialect)}) || (${reference} == ${key})`;
  return `{{if(${isKey}, ${key}, ifempty(${reference}, undefined))}}`;
}

/** The path after `/v1/`, which Make's base URL needs in front. */
const bare = (path: string): string => path.replace(/^\/v1\//, '');

/** A choice that the service cannot keep turns the request into one that changes nothing; the answer is then refused. */
function urlOf({ path }: Request, fields: readonly Field[], overlay: Overlay): string {
  const refusal = refusalOf(fields);
  const { fallback } = overlay;
  const dialect: Dialect = { read: createReader(fields), none: 'null' };
  const usual = fallback
    ? `if(${condition(fold(fallback.when, {}), dialect)} && !${has(fallback.lacking)}, '${bare(fallback.path)}', '${bare(path)}')`
    : `'${bare(path)}'`;
  if (refusal) return `/v1/{{if(${refusal.unkept}, 'me', ${usual})}}`;
  return fallback ? `/v1/{{${usual}}}` : path;
}

function methodOf({ method }: Request, fields: readonly Field[]): string {
  const refusal = refusalOf(fields);
  return refusal && method !== 'GET' ? `{{if(${refusal.unkept}, 'GET', '${method}')}}` : method;
}

/** A test run sends nothing, and shows what a first run would. */
function testCondition(operation: Operation, fields: readonly Field[], overlay: Overlay): Members {
  const dialect = reader(fields);
  const answers = Object.entries(overlay.test ?? {}).map(
    ([name, value]) => [`answer.${name}`, value] as const,
  );
  const facts = withOutputs(operation, overlay, {
    known: { ...givenFacts(operation, overlay).known, ...Object.fromEntries(answers) },
    missing: ['answer', 'client'],
  });
  const claims = fields.some(({ id }) => id === 'test_only');
  const isLive = claims
    ? `!${toCode(input('test_only'), dialect)}`
    : `substring(${toCode(input('claim_token'), dialect)}, 0, ${String(TEST_PREFIX.length)}) != ${quoted(TEST_PREFIX)}`;
  const message = claims
    ? 'Test only: nothing was claimed.'
    : 'Test only: nothing was sent, and nothing changed.';
  return { condition: `{{${isLive}}}`, default: { ...outputsOf(operation, facts, dialect), message } };
}
