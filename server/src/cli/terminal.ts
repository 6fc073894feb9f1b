import { createInterface } from 'node:readline/promises';

/** Where a command writes, and what it reads: passed in by tests. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Asks the person who sits there; null where nobody does. */
  readonly ask: ((question: string) => Promise<string>) | null;
}

export function ownTerminal(): Terminal {
  // Whoever read from a pipe and went away, as `head` does, has had enough.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  return {
    env: process.env,
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    ask: process.stdin.isTTY ? askHere : null,
  };
}

async function askHere(question: string): Promise<string> {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return await lines.question(question);
  } finally {
    lines.close();
  }
}

/** Whatever is written, also what a server or a database said: nothing in it moves the cursor. */
export function guarded({ env, out, err, ask }: Terminal): Terminal {
  return {
    env,
    out: (text) => {
      out(printableLines(text));
    },
    err: (text) => {
      err(printableLines(text));
    },
    ask: ask && ((question) => ask(printableLines(question))),
  };
}

/*
 * What a key, a result or a server says comes from elsewhere, and is shown on somebody's terminal: what would move the
 * cursor, or hide, is written out.
 */

/** Text within a line. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, written);
}

/** Text of several lines of our own. */
export function printableLines(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, written);
}

/** A key or another name, within a sentence. */
export const quoted = (name: string): string => `“${printable(name)}”`;

/** The value as JSON, a line or `indent`ed. Programs read the same value, and a terminal shows all of it. */
export function json(value: unknown, indent?: number): string {
  const escaped = (one: string): string =>
    [...Array(one.length).keys()]
      .map((unit) => `\\u${one.charCodeAt(unit).toString(16).padStart(4, '0')}`)
      .join('');
  return `${JSON.stringify(value, null, indent).replace(/[^\P{C}\n]/gu, escaped)}\n`;
}

const written = (one: string): string => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`;
