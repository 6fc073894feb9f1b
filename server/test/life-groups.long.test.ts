import { event, expectPromises, runs } from './explore/group-runs.ts';

expectPromises({
  'two changes, each three times': runs(3, [event('a', 1), event('b', 2)]),
  'two changes, both ask a person': runs(2, [
    event('a', 1, { blocks: true }),
    event('b', 2, { blocks: true }),
  ]),
  'two changes, the newer one sometimes asks': runs(2, [
    event('a', 1),
    event('b', 2, { blocks: 'sometimes' }),
  ]),
  'two changes of one time': runs(2, [event('a', 2), event('b', 2)]),
  'a change, and an event without a sequence': runs(2, [event('a', 1), event('b', null)]),
  'items of one run': runs(2, [event('a', null, { of: 'r' }), event('b', null, { of: 'r' })]),
  'a person clears the mark': runs(2, [event('a', 1), event('b', 2)], { clears: true }),
  'three changes': runs(1, [event('a', 1), event('b', 2), event('c', 3)]),
  'three changes, the second asks a person': runs(1, [
    event('a', 1),
    event('b', 2, { blocks: true }),
    event('c', 3),
  ]),
  'three changes, two ask a person': runs(1, [
    event('a', 1),
    event('b', 2, { blocks: true }),
    event('c', 3, { blocks: true }),
  ]),
  'two changes, and an event without a sequence': runs(1, [event('a', 1), event('b', 2), event('c', null)]),
});
