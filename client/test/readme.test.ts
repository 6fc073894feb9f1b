import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

/* The code of the README, as TypeScript sees it in a program that has the built package. */

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** What a reader's program has beside the code that is shown. */
const READERS = `
  import type { Express as App, Request as ExpressRequest, RequestHandler } from 'express';
  import type { Hono as HonoApp, Context as HonoContext } from 'hono';
  import type { generateText as generate, LanguageModel, ToolSet } from 'ai';
  import * as onceonly from 'onceonly';
  declare global {
    interface Order { readonly id: string }
    type Context = HonoContext;
    namespace Express { interface Request { user: { readonly id: number } } }
    const order: Order;
    const body: string;
    const stripe: { charges: { create(body: string, options: { idempotencyKey: string }): Promise<{ id: string }> } };
    const provider: { charge(order: Order): Promise<{ id: string }> };
    const findCharge: (idempotencyKey: string) => Promise<{ id: string } | undefined>;
    const once: onceonly.Once;
    const done: typeof onceonly.done;
    const notDone: typeof onceonly.notDone;
    const work: onceonly.Work<{ id: string }>;
    const express: typeof import('express').default;
    const signedIn: RequestHandler;
    const userOf: (request: Request) => string;
    const scope: (request: Request) => string;
    const generateText: typeof generate;
    const model: LanguageModel;
    const chat: { readonly id: string };
    const search: ToolSet[string];
    const mail: ToolSet[string];
  }
`;
/** What one name stands for in a block that has this word. */
const BY_BLOCK: readonly (readonly [word: string, declarations: string])[] = [
  [
    'onceonly/express',
    "declare const app: import('express').Express; declare const charge: import('express').RequestHandler;",
  ],
  [
    'onceonly/web',
    "declare const app: import('hono').Hono; declare const charge: (of: Request | Context) => Response;",
  ],
  ['onceonly/ai', "declare const prompt: string; declare const charge: import('ai').ToolSet[string];"],
];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onceonly-readme-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('every piece of code is one that TypeScript takes', async () => {
  const readme = await readFile(join(root, 'client/README.md'), 'utf8');
  const blocks = Array.from(readme.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = '']) => code);
  expect(blocks.length).toBeGreaterThan(5);
  const files = await Promise.all(
    blocks.map(async (code, nth) => {
      const name = `block-${String(nth)}.mts`;
      const declared = BY_BLOCK.filter(([word]) => code.includes(word)).map(([, each]) => each);
      await writeFile(join(folder, name), [...declared, code, 'export {};'].join('\n'));
      return name;
    }),
  );
  await writeFile(join(folder, 'readers.d.mts'), READERS);
  const compilerOptions = {
    ...{ noEmit: true, strict: true, module: 'nodenext', skipLibCheck: true, types: [] },
    lib: ['es2022', 'dom', 'esnext.disposable'],
  };
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['readers.d.mts', ...files] }),
  );
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = await run(process.execPath, [tsc, '-p', '.'], { cwd: folder }).catch(
    (error: unknown) => error as { readonly stdout: string },
  );
  expect(stdout).toBe('');
});
