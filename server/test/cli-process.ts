import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** The program as it is published: without support for TypeScript, it runs the built files. */
const PROGRAM = ['--no-strip-types', path.join(__dirname, '../bin/onceonly-server.js')];

export interface Ended {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** A folder in which commands run, with a store in it. */
export interface CommandLine {
  readonly directory: string;
  readonly env?: Readonly<Record<string, string>>;
}

export function environment({ directory, env }: CommandLine): NodeJS.ProcessEnv {
  return { ...process.env, ONCEONLY_STORE: `sqlite:${directory}/claims.db`, ...env };
}

/** Runs a command until it ends. `input` is written to its standard input, which is then closed. */
export function runCommand(where: CommandLine, args: readonly string[], input = ''): Promise<Ended> {
  return new Promise((resolve) => {
    const options = { env: environment(where), cwd: where.directory };
    const child = execFile(process.execPath, [...PROGRAM, ...args], options, (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err });
    });
    child.stdin?.end(input);
  });
}

export interface RunningCommand {
  readonly pid: number;
  /** Everything that it has written so far. */
  readonly out: () => string;
  readonly err: () => string;
  /** Sends a signal, and resolves with its exit code or signal. */
  end(signal?: NodeJS.Signals): Promise<number | NodeJS.Signals | null>;
  /** Closes the pipe to which it writes. */
  closeOutput(): void;
  /** Resolves with its exit code or signal. */
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

/** Starts a command that runs until the test ends it. */
export function startCommand(where: CommandLine, args: readonly string[]): RunningCommand {
  const child = spawn(process.execPath, [...PROGRAM, ...args], {
    env: environment(where),
    cwd: where.directory,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text));
  const ended = once(child, 'exit').then(
    ([code, signal]) => (code ?? signal) as number | NodeJS.Signals | null,
  );
  return {
    pid: child.pid ?? NaN,
    out: () => out,
    err: () => err,
    ended,
    end(signal = 'SIGTERM') {
      child.kill(signal);
      return ended;
    },
    closeOutput: () => {
      child.stdout.destroy();
    },
  };
}

/** Starts a server as a separate process, and resolves when it listens. */
export async function startServerProcess(
  where: CommandLine,
): Promise<RunningCommand & { readonly url: string }> {
  const server = startCommand({ ...where, env: { ONCEONLY_PORT: '0', ...where.env } }, ['start']);
  const failed = server.ended.then((how) => {
    throw new Error(`The server ended with ${String(how)}: ${server.err()}`);
  });
  failed.catch(() => undefined);
  const listens = async (): Promise<string> => {
    for (;;) {
      const url = /listens at (http:\S+\d)\. Ctrl/.exec(server.err())?.[1];
      if (url !== undefined) return url;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  return { ...server, url: await Promise.race([listens(), failed]) };
}
