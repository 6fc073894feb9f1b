import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Between } from './between-code.ts';
import { betweens } from './between.ts';

/* What each of them is worth is tried in a real n8n: between.suite.ts. */

const PAGE = readFileSync(join(import.meta.dirname, '../../docs/n8n.md'), 'utf8');

const FINISHES: Readonly<Record<Between['knows'], string>> = {
  each: 'each item’s own claim',
  all: 'every claim of the items that went in',
  asks: 'of several claims none: it asks which',
};

test('docs/n8n.md says what is finished behind each node that is tried, and of no other', () => {
  const rows = PAGE.split('\n').map((line) => line.split('|').map((cell) => cell.trim()));
  const finished = new Set(Object.values(FINISHES));
  const said = rows.flatMap(([, what = '', nodes]) =>
    finished.has(what) ? [[what, nodes?.split(' · ')]] : [],
  );
  expect(said).toEqual(
    Object.entries(FINISHES).map(([knows, what]) => [
      what,
      betweens('').flatMap((each) => (each.knows === knows ? [each.node] : [])),
    ]),
  );
});
