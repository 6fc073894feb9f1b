import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { folder } from './guard.ts';

const PROGRAM = join(import.meta.dirname, '../../server/bin/onceonly-server.js');
const UPSTREAM = join(import.meta.dirname, 'http-server.mjs');

export const store = (): readonly string[] => ['--store', `sqlite:${join(folder(), 'guard.db')}`];

export interface Listener {
  readonly url: string;
  /** Resolves when it says something of that form from now on. */
  hears(form: RegExp): Promise<string>;
  stop(): void;
}

/** A guard that clients reach over HTTP, in front of a command. */
export async function startListening({
  command,
}: {
  readonly command: readonly string[];
}): Promise<Listener> {
  const options = [...store(), '--listen', '0', '--', ...command];
  const child = spawn(process.execPath, ['--no-strip-types', PROGRAM, 'mcp', 'guard', ...options], {
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const said = await heard(child, child.stderr, /http:\S+\/mcp/);
  const hears = (form: RegExp): Promise<string> => heard(child, child.stderr, form);
  return { url: said, hears, stop: () => child.kill('SIGKILL') };
}

export interface Upstream extends Listener {
  /** Forgets all sessions, as a server does that was started anew. */
  forget(): Promise<void>;
}

/** A server of tools over HTTP, whose tool `slow` never ends; it answers with a stream, or as it is said. */
export async function startUpstream(answers: 'stream' | 'json' | 'resumable' = 'stream'): Promise<Upstream> {
  const child = spawn(process.execPath, [UPSTREAM, answers], { stdio: ['pipe', 'pipe', 'inherit'] });
  const url = await heard(child, child.stdout, /http:\S+\/mcp/);
  return {
    url,
    stop: () => child.kill('SIGKILL'),
    hears: (form) => heard(child, child.stdout, form),
    forget: async () => {
      child.stdin.write('forget\n');
      await heard(child, child.stdout, /forgotten/);
    },
  };
}

/** What a program says, once it says something of that form. */
async function heard(child: ChildProcess, stream: NodeJS.ReadableStream, form: RegExp): Promise<string> {
  let said = '';
  stream.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  while (!form.test(said)) {
    if (child.exitCode !== null) throw new Error(`It ended: ${said}`);
    await once(stream, 'data');
  }
  return form.exec(said)?.[0] ?? '';
}
