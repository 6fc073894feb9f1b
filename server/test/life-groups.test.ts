import { event, expectPromises, runs } from './explore/group-runs.ts';

expectPromises({
  'no sequence': runs(2, [event('a', null), event('b', null)]),
  'two changes': runs(2, [event('a', 1), event('b', 2)]),
  'two changes, the newer one asks a person': runs(2, [event('a', 1), event('b', 2, { blocks: true })]),
  'few attempts': runs(2, [event('a', 1), event('b', 2)], { maxAttempts: 1 }),
  'a run that names no group': runs(2, [event('a', 1), event('b', 2, { outside: true })]),
});
