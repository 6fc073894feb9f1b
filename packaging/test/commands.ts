/** The commands of each shell block below a heading of a page, without comments. */
export function commandsOf(page: string, heading: string): string[][] {
  const from = page.indexOf(`\n${heading}\n`);
  if (from === -1) throw new Error(`There is no “${heading}”.`);
  const level = heading.slice(0, heading.indexOf(' '));
  const rest = page.slice(from + heading.length + 2);
  const end = rest.search(new RegExp(`^#{1,${String(level.length)}} `, 'm'));
  const section = end === -1 ? rest : rest.slice(0, end);
  return [...section.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, block = '']) =>
    block
      .split('\n')
      .map((line) => line.replace(/\s+#.*$/, ''))
      .filter((line) => line !== ''),
  );
}
