import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Json, JsonObject } from '@onceonly/shared';
import { hashOf } from '@onceonly/shared/sources/canonical.ts';

/** What was once made of something, and is made of it for good. */
interface Line {
  readonly given: JsonObject;
  readonly made: JsonObject;
  /** Of this line and all before it in its file: none can be changed, moved or taken out of their midst unseen. */
  readonly seal: string;
}

const TOUCHED = 'a line was changed, moved or taken out by hand, here or above';
const FREEZE = 'FREEZE=1 npm test -- test/frozen';

/**
 * Holds a file of this folder: all that it says is made as it says, and what is given here is in it. Under `FREEZE=1` the
 * file gains a line for whatever it lacks; no line is ever changed.
 */
export async function expectFrozen(
  file: string,
  given: readonly JsonObject[],
  make: (given: JsonObject) => Promise<JsonObject> | JsonObject,
): Promise<void> {
  const path = join(import.meta.dirname, file);
  const lines = readLines(path);
  for (const [nth, line] of lines.entries()) {
    const where = `${file}, line ${String(nth + 1)}`;
    const wasTouched = sealed(line, lines[nth - 1]).seal !== line.seal;
    expect({ where, wasTouched, why: TOUCHED }).toEqual({ where, wasTouched: false, why: TOUCHED });
    const made = await make(line.given);
    expect({ where, given: line.given, made }).toEqual({ where, given: line.given, made: line.made });
  }
  const frozen = new Set(lines.map((line) => hashOf(line.given)));
  const lacking = [...new Map(given.map((each) => [hashOf(each), each]))].flatMap(([hash, each]) =>
    frozen.has(hash) ? [] : [each],
  );
  if (process.env['FREEZE'] === '1') {
    mkdirSync(dirname(path), { recursive: true });
    for (const each of lacking) {
      const line = sealed({ given: each, made: await make(each) }, lines.at(-1));
      appendFileSync(path, `${JSON.stringify(line)}\n`);
      lines.push(line);
    }
    return;
  }
  expect({ file, lacking, toAdd: FREEZE }).toEqual({ file, lacking: [], toAdd: FREEZE });
}

const readLines = (path: string): Line[] =>
  existsSync(path)
    ? readFileSync(path, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Line)
    : [];

const sealed = ({ given, made }: Pick<Line, 'given' | 'made'>, before: Line | undefined): Line => ({
  given,
  made,
  seal: hashOf([before?.seal ?? null, given, made] as Json).slice(0, 16),
});
