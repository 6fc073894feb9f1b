import { brokenGroups, type Change } from './changes.ts';

/** A change of one record, as seen from `startedAt` to `endedAt`. */
const seen = (startedAt: number, endedAt: number, more: Partial<Change>): Change => ({
  ...{ group: 'g', sequence: 1, do: 'claim', lease: null, said: 'acquired', endsAt: 0 },
  ...{ startedAt, endedAt },
  ...more,
});
const claim = (sequence: number, at: number): Change =>
  seen(at, at + 10, { sequence, lease: `lease ${String(sequence)}`, endsAt: at + 1_000 });
const complete = (sequence: number, at: number): Change =>
  seen(at, at + 10, { sequence, do: 'complete', lease: `lease ${String(sequence)}`, said: 'completed' });

test.each([
  ['Two runs of one group were at work.', [claim(1, 0), claim(2, 500)]],
  ['An older change was begun after a newer one', [claim(2, 0), complete(2, 100), claim(1, 200)]],
  [
    'A change was called old',
    [claim(1, 0), complete(1, 100), seen(200, 210, { sequence: 1, said: 'stale' })],
  ],
  ['A run completed late', [claim(1, 0), claim(2, 2_000), complete(1, 2_100)]],
])('%s', (what, changes) => {
  expect(brokenGroups(changes).join()).toContain(what);
});

test('what is right, or cannot be told, breaks nothing', () => {
  const right = [
    claim(1, 0),
    seen(500, 510, { sequence: 2, said: 'in_progress' }),
    complete(1, 600),
    claim(2, 700),
    complete(2, 800),
    seen(900, 910, { sequence: 1, said: 'stale' }),
    // At the same time as another one ends its work.
    claim(4, 1_000),
    { ...complete(4, 1_100), said: null, endedAt: 1_500 },
    claim(5, 1_105),
  ];
  expect(brokenGroups(right)).toEqual([]);
});
