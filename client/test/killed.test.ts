import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { once as event } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { done, onceOnly } from '../src/index.ts';

const DIST = join(import.meta.dirname, '../dist/index.js');

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'onceonly-client-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A program of its own, on the built package. */
const run = (program: string, stdio: 'ignore' | 'pipe' = 'pipe') =>
  spawn(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: folder,
    stdio: ['ignore', stdio, 'inherit'],
  });

test('after kill -9 in the middle, the next attempt takes over, and verify is asked first', async () => {
  const child = run(`
    import { onceOnly } from ${JSON.stringify(DIST)};
    const once = onceOnly({ store: 'sqlite:claims.db' });
    await once('charge', 'order-1', ({ idempotencyKey }) => {
      process.stdout.write(idempotencyKey);
      return new Promise((resolve) => setTimeout(resolve, 600_000));
    }, { holdFor: '1s' });
  `);
  const [said] = (await event(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
  child.kill('SIGKILL');
  await event(child, 'close');

  const once = onceOnly({ store: `sqlite:${join(folder, 'claims.db')}` });
  const asked: string[] = [];
  const work = jest.fn(() => 'charged again');
  const taken = await once<string>('charge', 'order-1', work, {
    wait: '20s',
    verify: ({ idempotencyKey, attempt }) => {
      asked.push(`${String(attempt)} ${idempotencyKey}`);
      return done('charged by the first');
    },
  });
  expect(taken).toMatchObject({ value: 'charged by the first', replayed: true, attempt: 2 });
  expect(asked).toEqual([`2 ${said.toString()}`]);
  expect(work).not.toHaveBeenCalled();
  await once.close();
});

test('a program that has nothing more to do ends, although it closed nothing', async () => {
  const child = run(`
    import { onceOnly } from ${JSON.stringify(DIST)};
    const once = onceOnly({ store: 'sqlite:ends.db' });
    process.stdout.write(JSON.stringify(await once('j', 'k', () => 'done')));
  `);
  let said = '';
  child.stdout?.on('data', (part: Buffer) => (said += part.toString()));
  const [code] = (await event(child, 'close')) as [number];
  expect({ code, value: (JSON.parse(said) as { value: string }).value }).toEqual({ code: 0, value: 'done' });
});
