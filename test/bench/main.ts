/**
 * `npm run bench`: all but growth, in at most 15 minutes. `-- NAME…`: only those. `-- --write`: into server/BENCHMARKS.md. `-- beside
 * TREE`: this tree's server beside that of another one.
 */
import { beside } from './beside.ts';
import { claims } from './claims.ts';
import { growth } from './growth.ts';
import { guard } from './guard.ts';
import { n8n } from './n8n.ts';
import { once } from './once.ts';
import type { Part } from './part.ts';
import { goFirst } from './processor.ts';
import { profile } from './profile.ts';
import { answersOf, sectionOf, write } from './report.ts';
import { stalls } from './stalls.ts';
import { zapier } from './zapier.ts';

const benches: Readonly<Record<string, () => Promise<Part>>> = {
  claims,
  stalls,
  n8n,
  zapier,
  guard,
  once,
  profile,
  growth,
};

goFirst();
const names = process.argv.slice(2).filter((argument) => argument !== '--write');
const [first, tree] = names;
if (first === 'beside' && tree !== undefined) {
  console.log(await beside(tree));
} else {
  const chosen = names.length > 0 ? names : Object.keys(benches).filter((name) => name !== 'growth');
  const parts: Record<string, Part> = {};
  for (const name of chosen) {
    const bench = benches[name];
    if (bench === undefined)
      throw new Error(`There is no “${name}”, only: ${Object.keys(benches).join(', ')}, beside TREE.`);
    const part = await bench();
    parts[name] = part;
    console.log(`\n${sectionOf(part)}`);
    if (part.answers.length > 0) console.log(`\n${answersOf(part.answers)}`);
  }
  if (process.argv.includes('--write')) await write(parts);
}
process.exit();
