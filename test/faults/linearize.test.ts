import type { Answer, Call, Operation } from './history.ts';
import { explain } from './linearize.ts';

/** From `startedAt` to `endedAt`, a second being a thousand. */
function op(startedAt: number, endedAt: number, call: Call, answer: Answer | null): Operation {
  return { key: 'k', call, answer, startedAt, endedAt };
}
const CLAIM = { do: 'claim' } as const;
const READ = { do: 'read' } as const;
const complete = (lease: string) => ({ do: 'complete', lease }) as const;
const fail = (lease: string) => ({ do: 'fail', lease }) as const;
const acquired = (lease: string, attempt: number, endsAt: number, fence = attempt): Answer => ({
  said: 'acquired',
  lease,
  attempt,
  fence,
  endsAt,
});
const seen = (said: 'in_progress' | 'completed' | 'failed', fence: number): Answer => ({ said, fence });
const DONE = { said: 'done' } as const;
const LOST = { said: 'lease_lost' } as const;

const first = op(0, 10, CLAIM, acquired('a', 1, 1_005));

describe('histories that an order explains', () => {
  it.each<[string, readonly Operation[]]>([
    ['nothing', []],
    [
      'a claim, a duplicate and the end',
      [
        first,
        op(20, 30, CLAIM, seen('in_progress', 1)),
        op(40, 50, complete('a'), DONE),
        op(60, 70, CLAIM, seen('completed', 1)),
      ],
    ],
    [
      'a takeover after the lease',
      [first, op(1_000, 1_020, CLAIM, acquired('b', 2, 2_015)), op(1_030, 1_040, complete('a'), LOST)],
    ],
    ['a late end, since nobody took over', [first, op(3_000, 3_010, complete('a'), DONE)]],
    [
      'two at once, one of which wins',
      [op(0, 30, CLAIM, seen('in_progress', 1)), op(5, 25, CLAIM, acquired('a', 1, 1_010))],
    ],
    [
      'a refusal that saw an end whose own answer came later',
      [first, op(20, 90, complete('a'), DONE), op(30, 40, CLAIM, seen('completed', 1))],
    ],
    [
      'a claim without an answer that happened',
      [
        op(0, 10, CLAIM, null),
        op(20, 30, CLAIM, seen('in_progress', 5)),
        op(1_000, 1_030, CLAIM, acquired('b', 2, 2_020, 6)),
      ],
    ],
    [
      'a claim without an answer that never happened',
      [op(0, 10, CLAIM, null), op(20, 30, CLAIM, acquired('b', 1, 1_020))],
    ],
    [
      'an end without an answer that happened later',
      [
        first,
        op(20, 30, complete('a'), null),
        op(40, 50, READ, seen('in_progress', 1)),
        op(60, 70, READ, seen('completed', 1)),
      ],
    ],
    [
      'a failure, and the next attempt at once',
      [first, op(20, 30, fail('a'), DONE), op(40, 50, CLAIM, acquired('b', 2, 1_045))],
    ],
    [
      'a completion after its own failure',
      [first, op(20, 30, fail('a'), DONE), op(40, 50, complete('a'), DONE)],
    ],
    [
      'a lease given up',
      [
        first,
        op(20, 30, { do: 'cancel', lease: 'a' }, DONE),
        op(40, 50, READ, { said: 'not_found' }),
        op(60, 70, CLAIM, acquired('b', 2, 1_065)),
      ],
    ],
    [
      'an extension',
      [
        first,
        op(500, 510, { do: 'extend', lease: 'a' }, { said: 'extended', endsAt: 1_505 }),
        op(1_200, 1_210, CLAIM, seen('in_progress', 1)),
      ],
    ],
  ])('%s', (_, operations) => {
    expect(explain(operations)).toEqual({ explained: true });
  });
});

describe('histories that no order explains', () => {
  it.each<[string, readonly Operation[]]>([
    ['two live holders', [first, op(500, 510, CLAIM, acquired('b', 2, 1_505))]],
    [
      'two live holders after a claim without an answer that was seen',
      [
        op(0, 10, CLAIM, null),
        op(20, 30, CLAIM, seen('in_progress', 5)),
        op(40, 50, CLAIM, acquired('b', 2, 1_045, 6)),
      ],
    ],
    [
      'a fence that goes back',
      [op(0, 10, CLAIM, acquired('a', 1, 1_005, 7)), op(1_010, 1_020, CLAIM, acquired('b', 2, 2_015, 7))],
    ],
    [
      'a completion that is lost',
      [first, op(20, 30, complete('a'), DONE), op(2_000, 2_010, CLAIM, acquired('b', 2, 3_005))],
    ],
    ['a claim that is forgotten', [first, op(20, 30, CLAIM, acquired('b', 1, 1_025, 2))]],
    ['a lease that nobody knows any more', [first, op(20, 30, complete('a'), { said: 'not_found' })]],
    ['an attempt that is left out', [first, op(1_010, 1_020, CLAIM, acquired('b', 3, 2_015))]],
    [
      'an end by a holder that was replaced',
      [first, op(1_010, 1_020, CLAIM, acquired('b', 2, 2_015)), op(1_030, 1_040, complete('a'), DONE)],
    ],
    [
      'a refusal for an end that was not kept: the server was killed between the two',
      [
        first,
        op(20, 90, complete('a'), null),
        op(30, 40, CLAIM, seen('completed', 1)),
        op(1_100, 1_110, CLAIM, acquired('b', 2, 2_105)),
      ],
    ],
    [
      'a refusal after the lease and before anybody else',
      [first, op(1_500, 1_510, CLAIM, seen('in_progress', 1))],
    ],
    [
      'a read of what was before',
      [first, op(20, 30, complete('a'), DONE), op(40, 50, READ, seen('in_progress', 1))],
    ],
    [
      'a failure that stands although it may be tried again',
      [first, op(20, 30, fail('a'), DONE), op(40, 50, CLAIM, seen('failed', 1))],
    ],
    ['a lease that is lost to nobody', [first, op(20, 30, complete('a'), LOST)]],
    [
      'an extension that is forgotten',
      [
        first,
        op(500, 510, { do: 'extend', lease: 'a' }, { said: 'extended', endsAt: 1_505 }),
        op(1_200, 1_210, CLAIM, acquired('b', 2, 2_205)),
      ],
    ],
  ])('%s', (_, operations) => {
    expect(explain(operations)).toMatchObject({ explained: false });
  });
});

test('a key that many claim at once, with much that was never answered, is judged in time', () => {
  const crowd = Array.from({ length: 32 }, (_, n) => op(n, 100 + n, CLAIM, seen('in_progress', 1)));
  const lost = Array.from({ length: 16 }, (_, n) => op(n, 200, CLAIM, null));
  expect(explain([op(0, 90, CLAIM, acquired('a', 1, 1_050)), ...crowd, ...lost])).toEqual({
    explained: true,
  });
});
