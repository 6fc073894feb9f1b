import { explore, type Machine } from './explore/explorer.ts';
import { lifeMachine } from './explore/life-machine.ts';

test('every state that a key can reach keeps every promise', () => {
  const explored = explore(lifeMachine);
  process.stdout.write(`A key's life: ${JSON.stringify(explored)}\n`);
  expect(explored).toEqual({ states: 10_421, steps: 1_094_517, depth: 11 });
});

test('a broken promise is told with the shortest way to it', () => {
  const counter: Machine<number> = {
    start: 0,
    *steps(count) {
      for (const more of [1, 3]) {
        const state = (count + more) % 10;
        yield { what: `plus ${String(more)}`, state, broken: state === 7 ? 'It is seven.' : null };
      }
    },
    canonical: String,
  };
  expect(() => explore(counter)).toThrow('It is seven.\n  plus 1\n  plus 3\n  plus 3');
});
