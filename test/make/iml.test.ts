import { operations, type Operation } from '@onceonly/shared';
import { evaluate, first, input, is, join, match, answer, when, type Rule } from '@onceonly/shared/rules.ts';
import fc from 'fast-check';
import { fold, type Facts } from '../../make-app/src/fold.ts';
import { toIml, quoted, type Dialect } from '../../make-app/src/iml.ts';
import { render, renderText } from './engine/evaluate.ts';
import { UnknownIml } from './engine/functions.ts';

const dialect: Dialect = { read: (path) => ({ code: path }), none: 'null' };

const scope = {
  input: {
    word: 'a.b.c',
    no: false,
    yes: true,
    two: 2,
    half: 0.5,
    empty: '',
    none: null,
    text: { value: 't' },
  },
  client: {},
  answer: { number: { value: 5 }, object: { a: 1 } },
  output: {},
};
const variables = { ...scope, body: { status: 'x', other: 'y' } };

const iml = (rule: Rule, by: Dialect = dialect): unknown => render(toIml(rule, by), variables) ?? null;

const cases: readonly (readonly [string, Rule])[] = [
  ['a value', 'x'],
  ['get', input('two')],
  ['get of what is missing', input('missing')],
  ['is', is(input('two'), 1, 2)],
  ['is, for text that looks like the number', is(input('two'), '2')],
  ['is null', is(input('missing'), null)],
  ['is null, for empty text', is(first(input('empty')), null)],
  ['less', { less: [input('two'), 3] }],
  ['less the other way', { less: [3, input('two')] }],
  ['less of what is missing', { less: [input('missing'), 3] }],
  ['less than what is missing', { less: [3, input('missing')] }],
  ['not', { not: input('no') }],
  ['all', { all: [input('yes'), is(input('two'), 2)] }],
  ['all with one that fails', { all: [input('yes'), input('no')] }],
  ['if', when(input('yes'), 'then', 'else')],
  ['if takes only true for true', when(input('word'), 'then', 'else')],
  ['match', match(input('word'), { 'a.b.c': 'found', b: 'no' }, 'other')],
  ['match falls back', match(input('word'), { b: 'no' }, 'other')],
  ['match finds what is missing', match(input('missing'), { '': 'none' }, 'other')],
  ['match gives null', match(input('word'), { 'a.b.c': null }, 'other')],
  ['first passes over missing and empty', first(input('missing'), input('empty'), input('two'))],
  ['first takes false', first(input('no'), 'x')],
  ['first of one that is empty', first(input('empty'))],
  ['join', join('<', input('two'), input('missing'), '>')],
  ['join that begins with numbers', join(input('two'), input('two'), '>')],
  ['join with a match', join('a', match(input('word'), { b: 'no' }, null))],
  ['times', { times: [input('half'), 60] }],
  ['times of what is missing', { times: [input('missing'), 60] }],
  ['cut', { cut: [input('word'), 3] }],
  ['cut of what is missing', { cut: [input('missing'), 3] }],
  ['before', { before: [input('word'), '.'] }],
  ['before without the word', { before: [join(input('empty'), 'word'), '.'] }],
  ['after', { after: [input('word'), '.'] }],
  ['after of several characters', { after: [input('word'), 'a.b'] }],
  ['after without the word', { after: [join(input('empty'), 'word'), '.b'] }],
  ['unwrap reads text back', { unwrap: input('text') }],
  ['unwrap leaves a number', { unwrap: answer('number') }],
  ['unwrap leaves other objects', { unwrap: answer('object') }],
  ['unwrap of what is missing', { unwrap: answer('missing') }],
  ['uuid', { uuid: input('word') }],
];

test.each(cases)('%s comes to the same in IML', (_, rule) => {
  expect(iml(rule)).toEqual(evaluate(rule, scope));
});

test('a missing member is left out of a request, and null in an output', () => {
  expect(render({ a: toIml(null, { ...dialect, none: 'undefined' }) }, variables)).toEqual({});
  expect(render({ a: toIml(first(input('missing')), { ...dialect, none: 'undefined' }) }, variables)).toEqual(
    {},
  );
  expect(render({ a: toIml(first(input('missing')), dialect) }, variables)).toEqual({ a: null });
});

test('text that IML cannot quote safely is refused when the app is generated', () => {
  expect(quoted("it's")).toBe('"it\'s"');
  for (const text of ['a\\b', 'a\nb', 'a {{b', `'"`]) expect(() => quoted(text)).toThrow('no safe way');
});

describe('a folded rule', () => {
  const all: readonly Operation[] = Object.values(operations);
  const word = fc.oneof(
    fc.constantFrom('acquired', 'in_progress', 'completed', 'failed', 'exhausted', 'unresolved', 'not_found'),
    fc.constantFrom(
      'lease_lost',
      'already_finished',
      'locked',
      'duplicate',
      'extended',
      'released',
      'cancelled',
    ),
    fc.constantFrom(null, '', 'polling'),
  );
  const value = fc.oneof(fc.string(), fc.integer({ min: 0, max: 9 }), fc.boolean(), fc.constant(null));

  test.each(all.map((each) => [each.id, each] as const))('of %s means what it meant', (_, operation) => {
    const outputs = new Map<string, Rule>();
    const facts: Facts = { missing: ['client'], outputs };
    for (const { id, from } of operation.outputs) outputs.set(id, fold(from, facts));
    const inputs = fc.record(
      Object.fromEntries(
        operation.fields.map((field) => [
          field.id,
          field.type === 'choice' ? fc.constantFrom(...field.choices.map((each) => each.value)) : value,
        ]),
      ),
    );
    const answers = fc.record({
      status: word,
      attempt: value,
      ttl: value,
      lease_id: value,
      error_code: value,
      exhausted: value,
      unresolved: value,
      state: value,
    });
    fc.assert(
      fc.property(inputs, answers, (given, answered) => {
        const known: Record<string, unknown> = {};
        const whole = { input: given, client: {}, answer: answered, output: known };
        for (const { id, from } of operation.outputs) {
          known[id] = evaluate(from, whole);
          expect([id, evaluate(outputs.get(id) ?? null, { ...whole, output: {} })]).toEqual([id, known[id]]);
        }
        expect(evaluate(fold(operation.then, facts), whole)).toEqual(evaluate(operation.then, whole));
      }),
      { numRuns: 200 },
    );
  });
});

describe('the stand-in for Make', () => {
  test('keeps a value’s type, and joins text', () => {
    expect(renderText('{{input.two}}', variables)).toBe(2);
    expect(renderText('a{{input.two}}{{input.missing}}b', variables)).toBe('a2b');
  });

  test.each([
    ["{{input.none + 'a'}}", 'what + does with a missing value'],
    ['{{input.word < 3}}', 'text below a number'],
    ['{{nothing.a}}', 'an unknown variable'],
    ["{{lower('A')}}", 'an unknown function'],
    ['{{substring(input.none, 0, 1)}}', 'a missing text'],
    ['a{{answer.object}}b', 'an object between text'],
  ])('refuses %s: %s', (text) => {
    expect(() => renderText(text, variables)).toThrow(UnknownIml);
  });

  test.each(['{{a', '{{a b}}', '{{a(}}', '{{[1]}}', '{{a ? b : c}}', '{{a{b}}}'])(
    'cannot read %s',
    (text) => {
      expect(() => renderText(text, variables)).toThrow(SyntaxError);
    },
  );
});
