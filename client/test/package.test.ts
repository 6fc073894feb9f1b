import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';

/* The package as npm packs it, in a folder that has nothing else. */

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

/** What a browser or an edge runtime would load, minified and compressed. */
const MOST_BYTES = 27_000;

let folder: string;
let installed: string;
let archive: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'onceonly-package-'));
  const { stdout } = await run(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder, '--workspace', 'client'],
    { cwd: root },
  );
  const [packed] = Object.values(JSON.parse(stdout) as Record<string, { readonly filename: string }>);
  archive = join(folder, packed?.filename ?? '');
  installed = join(folder, 'node_modules/onceonly');
  await mkdir(installed, { recursive: true });
  await run('tar', ['-xzf', archive, '--strip-components=1', '-C', installed]);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const PROGRAM = `
  const once = onceOnly({ store: 'sqlite:claims.db' });
  const first = await once('j', KEY, () => ({ a: [1] }));
  const second = await once('j', KEY, () => ({ a: [2] }));
  const test = testOnce();
  const inMemory = await test.once('j', 'k', () => 1);
  let code;
  try { onceOnly({ url: 'nowhere', apiKey: 'k' }); } catch (error) { code = isOnceOnlyError(error) && error.code; }
  await once.close();
  console.log(JSON.stringify([first.value, second.replayed, inMemory.value, code]));
`;
const EXPECTED = [{ a: [1] }, true, 1, 'invalid'];

test.each([
  [
    'an ES module',
    'program.mjs',
    `import { onceOnly, isOnceOnlyError } from 'onceonly'; import { testOnce } from 'onceonly/testing'; const KEY = 'esm'; ${PROGRAM}`,
  ],
  [
    'CommonJS',
    'program.cjs',
    `const { onceOnly, isOnceOnlyError } = require('onceonly'); const { testOnce } = require('onceonly/testing'); const KEY = 'cjs'; (async () => { ${PROGRAM} })();`,
  ],
])('it is used from %s', async (_, file, text) => {
  await writeFile(join(folder, file), text);
  const { stdout } = await run(process.execPath, [file], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual(EXPECTED);
});

test('all of its copies in one process know the errors and the attempts of each other', async () => {
  const text = `
    const cjs = { ...require('onceonly'), ...require('onceonly/testing') };
    const { attemptOf } = require('onceonly/express');
    (async () => {
      const esm = { ...(await import('onceonly')), ...(await import('onceonly/testing')), ...(await import('onceonly/web')) };
      const known = [];
      class Own extends esm.OnceOnlyError {}
      for (const { testOnce } of [cjs, esm]) {
        const error = await testOnce().once('', 'k', () => 1).catch((error) => error);
        known.push(error instanceof cjs.OnceOnlyError, error instanceof esm.OnceOnlyError, error instanceof Own);
      }
      known.push(new Error('other') instanceof esm.OnceOnlyError, new Own('failed') instanceof Own);
      const handler = esm.idempotencyKey(esm.testOnce().once, (request) => Response.json(attemptOf(request)?.attempt ?? null), { scope: 'everyone' });
      const answer = await handler(new Request('https://x', { method: 'POST', headers: { 'idempotency-key': 'k' } }));
      console.log(JSON.stringify([...known, await answer.json()]));
    })();
  `;
  await writeFile(join(folder, 'copies.cjs'), text);
  const { stdout } = await run(process.execPath, ['copies.cjs'], { cwd: folder });
  expect(JSON.parse(stdout)).toEqual([true, true, false, true, true, false, false, true, 1]);
});

test('it is used in Jest, which knows no dynamic import, with its store', async () => {
  const text = `
    const { onceOnly, isOnceOnlyError } = require('onceonly');
    const { testOnce } = require('onceonly/testing');
    const KEY = 'jest';
    const console = { log: (said) => expect(JSON.parse(said)).toEqual(${JSON.stringify(EXPECTED)}) };
    test('it', async () => { ${PROGRAM} });
  `;
  await writeFile(join(folder, 'in-jest.cjs'), text);
  const config = JSON.stringify({ rootDir: folder, testMatch: ['**/in-jest.cjs'], transform: {} });
  const jest = join(root, 'node_modules/jest/bin/jest.js');
  const { stderr } = await run(process.execPath, [jest, '--config', config], { cwd: folder });
  expect(stderr).toContain('1 passed');
}, 60_000);

const TYPED = `
  import { done, notDone, onceOnly, OnceOnlyError, type Run } from 'onceonly';
  import { testOnce } from 'onceonly/testing';
  const once = onceOnly({ url: 'https://x', apiKey: 'k' });
  export const run: Promise<Run<{ id: string }>> = once('j', 1, () => ({ id: 'a' }), {
    holdFor: '10m',
    wait: 500,
    verify: ({ idempotencyKey }) => (idempotencyKey === '' ? notDone : done({ id: 'b' })),
  });
  export const wrapped: (a: number) => Promise<string> = once.wrap('j', (a: number) => String(a), { key: (a) => a });
  export const code = new OnceOnlyError('in_progress').code satisfies string;
  export const time: number = testOnce().now();
  // @ts-expect-error A duration has a unit.
  once('j', 'k', () => 1, { holdFor: '10 minutes' });
  // @ts-expect-error What is found is what the work returns.
  once('j', 'k', () => 1, { verify: () => done('text') });
`;

const ADAPTERS = `
  import { tool } from 'ai';
  import express, { type Request as ExpressRequest } from 'express';
  import { Hono } from 'hono';
  import { z } from 'zod';
  import { onceOnly } from 'onceonly';
  import { onceTools } from 'onceonly/ai';
  import { attemptOf, idempotencyKey } from 'onceonly/express';
  import { idempotencyKey as web } from 'onceonly/web';
  const once = onceOnly({ store: 'sqlite:claims.db' });
  express().post(
    '/', express.json(),
    idempotencyKey<ExpressRequest>(once, { scope: (request) => request.get('x-user') ?? '', attempts: 2 }),
    (request, response) => { response.send(attemptOf(request)?.idempotencyKey); },
  );
  export const POST: (request: Request) => Promise<Response> = web(once, () => new Response('a'), { scope: 'everyone' });
  const charge = web(once, (request: Request, id: number) => new Response(String(id)), { scope: 'everyone' });
  new Hono().post('/', (context) => charge(context.req.raw, 1));
  const charged = tool({ inputSchema: z.object({ amount: z.number() }), execute: ({ amount }) => amount });
  export const tools: { charged: typeof charged } = onceTools(once, { charged }, { scope: 's' });
  // @ts-expect-error Without a scope, two users would share their keys.
  idempotencyKey(once, {});
  // @ts-expect-error A task has a name.
  onceTools(once, { charged }, {});
`;

test.each([
  ['its types', TYPED, {}],
  ['without `await using`, its types', TYPED, { lib: ['es2022', 'dom'] }],
  [
    'with `await using`, its types',
    `${TYPED}\n  export async function use() { await using each = once; return each; }`,
    {},
  ],
  // The AI SDK's own types do not pass with `exactOptionalPropertyTypes`.
  ['the types of its adapters', ADAPTERS, { skipLibCheck: true }],
])('%s are those that a program sees, as an ES module and as CommonJS', async (_, text, options) => {
  for (const name of ['ai', 'express', 'hono', 'zod', '@types']) {
    const link = join(folder, 'node_modules', name);
    await rm(link, { force: true });
    await symlink(join(root, 'node_modules', name), link);
  }
  await writeFile(join(folder, 'esm.mts'), text);
  await writeFile(join(folder, 'cjs.cts'), text);
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const compilerOptions = {
    ...{ noEmit: true, strict: true, exactOptionalPropertyTypes: true, module: 'nodenext', types: [] },
    ...{ lib: ['es2022', 'dom', 'esnext.disposable'], ...options },
  };
  const config = { compilerOptions, files: ['esm.mts', 'cjs.cts'] };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify(config));
  const { stdout } = await run(process.execPath, [tsc, '-p', '.'], { cwd: folder }).catch(
    (error: unknown) => error as { readonly stdout: string },
  );
  expect(stdout).toBe('');
});

test('its types ask for nothing that TypeScript 5.0 lacks', async () => {
  for (const name of ['index', 'testing', 'express', 'web', 'ai'])
    expect(await readFile(join(installed, 'dist', `${name}.d.ts`), 'utf8')).not.toMatch(
      /\bNoInfer\b|<const /,
    );
});

test('publint and arethetypeswrong have nothing to say', async () => {
  const check = `
    import { readFile } from 'node:fs/promises';
    import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core';
    import { publint } from 'publint';
    const { messages } = await publint({ pkgDir: process.argv[1], strict: true });
    const { problems } = await checkPackage(createPackageFromTarballData(new Uint8Array(await readFile(process.argv[2]))));
    // TypeScript's resolution of before 2020 knows no entries beside the first.
    console.log(JSON.stringify([...messages, ...problems.filter(({ resolutionKind }) => resolutionKind !== 'node10')]));
  `;
  const { stdout } = await run(
    process.execPath,
    ['--input-type=module', '--eval', check, installed, archive],
    {
      cwd: join(root, 'client'),
    },
  );
  expect(JSON.parse(stdout)).toEqual([]);
});

test.each([
  ['index', ['#embedded']],
  ['testing', []],
  ['express', []],
  ['web', []],
  ['ai', ['ai']],
])('%s needs nothing of Node, and loads but %j', async (entry, others) => {
  for (const ending of ['js', 'cjs']) {
    const text = await readFile(join(installed, 'dist', `${entry}.${ending}`), 'utf8');
    const loaded = text.matchAll(/\b(?:from|require\(|import\()\s*["']([\w#@:/.-]+)["']/g);
    expect(Array.from(loaded, ([, name]) => name)).toEqual(others);
  }
});

test('where there is no Node, it is bundled without the store, and small', async () => {
  const { outputFiles } = await build({
    stdin: { contents: "export * from 'onceonly';", resolveDir: folder },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    logLevel: 'error',
  });
  const bytes = outputFiles[0]?.contents ?? new Uint8Array();
  expect(Buffer.from(bytes).toString()).not.toContain('node:');
  expect(gzipSync(bytes).length).toBeLessThan(MOST_BYTES);
});
