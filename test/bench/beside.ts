import { resolve } from 'node:path';
import { measureAll } from './claims.ts';
import { STORES } from './contenders.ts';
import { answered } from './part.ts';
import { answer, type Question } from './questions.ts';

/** Whether a change pays: claims of this tree's server ÷ those of another tree's, on each store, in slices side by side. */
export async function beside(tree: string): Promise<string> {
  const asked: readonly Question[] = STORES.flatMap((store) =>
    (['perSecond', 'serverUs', 'sumUs'] as const).map((figure) => ({
      what: `${store}, ${figure}`,
      of: [store, `${store}, other`],
      figure,
      target: { atLeast: 1, atMost: 1 },
    })),
  );
  const { starts } = await measureAll({ others: { other: resolve(tree) }, asked });
  return asked
    .map((question) => `${question.what.padEnd(24)} ${answered(answer(question, starts))}`)
    .join('\n');
}
