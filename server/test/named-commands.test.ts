import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { runCommand } from './cli-process.ts';
import { temporaryDirectory } from './support.ts';

const ROOT = path.join(__dirname, '../..');
const TEXTS = [
  ...['*.md', 'docs/**/*.md', 'server/*.md', 'server/compose.yaml', 'server/src/**/*.ts'],
  ...['server/dashboard/*.{ts,tsx}', 'shared/src/**/*.ts', 'n8n-node/nodes/**/*.ts', '*/README.md'],
];

/** `onceonly-server api-keys create` and the like, wherever a text tells somebody to run it. */
function named(): Map<string, string> {
  const commands = new Map<string, string>();
  for (const file of globSync(TEXTS, { cwd: ROOT, exclude: ['**/node_modules/**'] })) {
    const text = readFileSync(path.join(ROOT, file), 'utf8');
    for (const [, command = '', next] of text.matchAll(/onceonly-server ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?/g))
      commands.set(next === undefined ? command : `${command} ${next}`, file);
  }
  return commands;
}

test('every command that a page, a message or a document names exists', async () => {
  const directory = await temporaryDirectory();
  const commands = named();
  expect(commands.size).toBeGreaterThan(10);
  const first = (each: string): string => each.split(' ', 1)[0] ?? '';
  // At the same time: one after the other, a slow machine took three minutes.
  const names = [...new Set([...commands.keys()].map(first))];
  const said = names.map(
    async (name) => [name, (await runCommand({ directory, env: {} }, [name, '--help'])).out] as const,
  );
  const helps = new Map(await Promise.all(said));

  const missing: string[] = [];
  for (const [each, file] of commands) {
    const name = first(each);
    const next = each.slice(name.length + 1);
    const help = helps.get(name) ?? '';
    const usage = /^Usage: (.*)$/m.exec(help)?.[1] ?? '';
    const follows = usage.includes('[command]') ? help.includes(`\n  ${next} `) : usage.includes('<');
    if (!usage.startsWith(`onceonly-server ${name} `) || (next !== '' && !follows))
      missing.push(`${file}: onceonly-server ${each}`);
  }
  expect(missing).toEqual([]);
});
