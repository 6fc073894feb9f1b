import { createInterface } from 'node:readline/promises';

/** The input and output of a command. Tests pass their own. */
export interface Terminal {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  /** Asks the person at the terminal; null if there is none. */
  readonly ask: ((question: string) => Promise<string>) | null;
}

export function ownTerminal(): Terminal {
  // The reader of a pipe may close it, as `head` does. Then there is nothing more to do.
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

/** Escapes everything that is written, so that no text of a server or a database can move the cursor. */
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
 * Keys, results and answers of servers come from elsewhere and are shown on a terminal. So characters that move the cursor or are
 * invisible are escaped.
 */

/** Escapes text within a line. */
export function printable(text: string): string {
  return text.replace(/\p{C}/gu, written);
}

/** Escapes text that has several lines. */
export function printableLines(text: string): string {
  return text.replace(/[^\P{C}\n]/gu, written);
}

/** Quotes a key or another name within a sentence. */
export const quoted = (name: string): string => `“${printable(name)}”`;

/** The value as JSON, on one line or with an indent. Invisible characters are escaped in a way that keeps the value the same. */
export const json = (value: unknown, indent?: number): string =>
  `${escapedJson(JSON.stringify(value, null, indent))}\n`;

/** JSON text in which invisible characters are escaped in a way that keeps its value the same. */
export function escapedJson(text: string): string {
  const escaped = (one: string): string =>
    [...Array(one.length).keys()]
      .map((unit) => `\\u${one.charCodeAt(unit).toString(16).padStart(4, '0')}`)
      .join('');
  return text.replace(/[^\P{C}\n]/gu, escaped);
}

const written = (one: string): string => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`;
