import type { Json } from '../src/json.ts';
import { evaluate, first, input, is, join, match, type Rule, when } from '../src/rules.ts';

const scope = {
  input: {
    word: 'a.b.c',
    no: false,
    yes: true,
    two: 2,
    empty: '',
    none: null,
    object: { a: 1 },
    text: { value: 't' },
  },
  client: {},
  answer: {},
  output: {},
  now: Date.UTC(2026, 10, 29),
};

const HASH = '0123456789abcdef'.repeat(4);

const cases: readonly (readonly [string, Rule, Json])[] = [
  ['a value is itself', 'x', 'x'],
  ['get reads', input('two'), 2],
  ['get reads null where nothing is', input('missing'), null],
  ['get reads no inherited member', input('constructor'), null],
  ['is finds one of several', is(input('two'), 1, 2), true],
  ['is takes text and number apart', is(input('two'), '2'), false],
  ['is finds null', is(input('missing'), null), true],
  ['less', { less: [input('two'), 3] }, true],
  ['less of what is missing is false', { less: [input('missing'), 3] }, false],
  ['not', { not: input('no') }, true],
  ['all', { all: [input('yes'), is(input('two'), 2)] }, true],
  ['all fails with one', { all: [input('yes'), input('no')] }, false],
  ['if', when(input('yes'), 'then', 'else'), 'then'],
  ['if takes only true for true', when(input('word'), 'then', 'else'), 'else'],
  ['match', match(input('two'), { 2: 'two' }, 'other'), 'two'],
  ['match falls back', match(input('word'), { toString: 'no' }, 'other'), 'other'],
  [
    'match finds what is missing under the empty name',
    match(input('missing'), { '': 'none' }, 'other'),
    'none',
  ],
  ['match can give null', match(input('two'), { 2: null }, 'other'), null],
  ['first passes over missing and empty', first(input('missing'), input('empty'), input('two')), 2],
  ['first takes false', first(input('no'), 'x'), false],
  ['join', join('<', input('two'), input('missing'), '>'), '<2>'],
  ['times', { times: [input('two'), 60] }, 120],
  ['times rounds', { times: [0.1, 60] }, 6],
  ['times of what is missing', { times: [input('missing'), 60] }, null],
  ['cut', { cut: [input('word'), 3] }, 'a.b'],
  ['cut before a character that does not fit', { cut: ['a😀', 2] }, 'a'],
  ['cut after a character that fits', { cut: ['a😀b', 3] }, 'a😀'],
  ['before splits at the first', { before: [input('word'), '.'] }, 'a'],
  ['before without the word', { before: ['word', '.'] }, 'word'],
  ['after keeps the rest', { after: [input('word'), '.'] }, 'b.c'],
  ['after of several characters', { after: [input('word'), 'a.b'] }, '.c'],
  ['after without the word', { after: ['word', '.'] }, ''],
  ['wrap wraps text', { wrap: 'text' }, { value: 'text' }],
  ['wrap leaves an object', { wrap: input('object') }, { a: 1 }],
  ['wrap leaves what is missing', { wrap: input('none') }, null],
  ['unwrap reads text back', { unwrap: input('text') }, 't'],
  ['unwrap leaves other objects', { unwrap: input('object') }, { a: 1 }],
  [
    'a named key mentions nobody, links nowhere, adds no line',
    { named: 'a:@here\nevil.example' },
    '“a:·here·evil·example”',
  ],
  [
    'a key that content made is named by its job',
    { named: `orders:sha256-${HASH}` },
    'this event of “orders”',
  ],
  [
    'one of a version says which',
    { named: `orders:sha256-${HASH}:42` },
    'this event of “orders” (version 42)',
  ],
  [
    'two changes within one second differ by their content',
    { named: `orders:sha256-${HASH}:2026-11-30T08:12:29Z:00f1a2b3c4d5e6f7` },
    'this event of “orders” (30 Nov, 08:12:29 UTC, content 00f1)',
  ],
  ['and without a job', { named: `sha256-${HASH}` }, 'this event'],
  ['a hash that stands for the end of a long key is not shown', { named: `orders:a~${HASH}` }, '“orders:a…”'],
  ['a hash that somebody entered is', { named: `orders:${HASH}` }, `“orders:${HASH}”`],
  [
    'a version that is a time stands behind its key, with the fraction of its second',
    { named: 'orders:17:2026-11-30T08:12:29Z.426' },
    '“orders:17” (30 Nov, 08:12:29.426 UTC)',
  ],
  [
    'so does a time that somebody put into the key',
    { named: 'orders:a:b:2025-11-30T08:12:29.426+01:00' },
    '“orders:a:b” (30 Nov 2025, 07:12:29.426 UTC)',
  ],
  [
    'a fraction of zeros is left out',
    { named: 'orders:17:2026-11-30T08:12:29.000Z' },
    '“orders:17” (30 Nov, 08:12:29 UTC)',
  ],
  ['a time to the second', { time: '2026-11-29T08:12:29Z', to: 'second' }, '29 Nov, 08:12:29 UTC'],
  ['a time that is all of a key is left', { named: 'a:2026-11-30T08:12Z' }, '“a:2026-11-30T08:12Z”'],
  [
    'and so is what only looks like one',
    { named: 'orders:17:2026-11-31T08:72:29Z' },
    '“orders:17:2026-11-31T08:72:29Z”',
  ],
  ['a time', { time: '2026-11-29T08:12:29.426Z' }, '29 Nov, 08:12 UTC'],
  ['a time of another zone', { time: '2026-01-01T00:30:00+01:00' }, '31 Dec 2025, 23:30 UTC'],
  ['what is no time', { time: '2026' }, '2026'],
  ['a time that is missing', { time: input('none') }, ''],
  ['uuid is the start of SHA-256', { uuid: 'abc' }, 'ba7816bf-8f01-cfea-4141-40de5dae2223'],
];

test.each(cases)('%s', (_, rule, value) => {
  expect(evaluate(rule, scope)).toEqual(value);
});
