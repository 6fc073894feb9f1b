import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { folder, startGuard, type Said } from './guard.ts';

const FILESYSTEM = join(
  import.meta.dirname,
  '../../node_modules/@modelcontextprotocol/server-filesystem/dist/index.js',
);
const KILLS = 50;
const CALLS_A_ROUND = 20;
const FILES = 250;

/**
 * An agent's tool that writes: each edit puts a line into a file of its own, twice if it is made twice. 1,000 calls, each
 * with an id of its own as every call of a client is, in a scope that lasts, while the guard and its server are killed 50
 * times in the middle of their work.
 */
test('1,000 repeated calls and 50 kills: no effect twice, and those of which nobody knows are told', async () => {
  const data = folder();
  const options = ['--scope', 'task-7', '--hold', '0.1', '--store', `sqlite:${join(folder(), 'guard.db')}`];
  const command = [process.execPath, FILESYSTEM, data];
  const file = (index: number): string => join(data, `${String(index)}.txt`);
  for (let index = 0; index < FILES; index += 1) writeFileSync(file(index), 'END\n');
  const edit = (index: number) => ({ path: file(index), edits: [{ oldText: 'END', newText: 'line\nEND' }] });
  const effects = (index: number): number => readFileSync(file(index), 'utf8').split('line').length - 1;

  let made = 0;
  for (let kill = 0; kill < KILLS; kill += 1) {
    const guard = await startGuard({ options, command });
    const { promise: first, resolve } = Promise.withResolvers<undefined>();
    const calls = Array.from({ length: CALLS_A_ROUND }, async () => {
      // Each edit is asked for four times, here and there.
      const index = ((made += 1) * 7919) % FILES;
      await guard.call('edit_file', edit(index)).then(
        () => {
          resolve(undefined);
        },
        () => undefined,
      );
    });
    await first;
    process.kill(guard.pid, 'SIGKILL');
    await guard.close();
    await Promise.all(calls);
  }
  expect(made).toBe(KILLS * CALLS_A_ROUND);

  const guard = await startGuard({ options, command });
  const said: Said[] = [];
  for (let from = 0; from < FILES; from += 25)
    said.push(
      ...(await Promise.all(Array.from({ length: 25 }, (_, at) => guard.call('edit_file', edit(from + at))))),
    );
  await guard.close();
  const unknown = said.filter(({ texts }) =>
    texts.some((text) => text.includes('nobody knows whether it was done')),
  );
  const twice = said.filter((_, index) => effects(index) > 1);
  const missing = said.filter((each, index) => effects(index) === 0 && !unknown.includes(each));
  expect({ twice: twice.length, missing: missing.length }).toEqual({ twice: 0, missing: 0 });
  // Else nothing was cut off in the middle, and the kills have shown nothing.
  expect(unknown.length).toBeGreaterThan(0);
  expect(unknown.length).toBeLessThan(KILLS * CALLS_A_ROUND * 0.25);
}, 900_000);
