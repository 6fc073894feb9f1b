import type { Value } from './json.ts';

/** As Prettier writes JSON, so that what is generated needs no formatting: short lists of words stay on one line. */
export function toFile(contents: Value): string {
  return `${write(contents, '', 0)}\n`;
}

const WIDTH = 110;

function write(value: Value, indent: string, before: number): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  if (Array.isArray(value)) {
    const items = value as readonly Value[];
    if (items.length === 0) return '[]';
    const line = `[${items.map((each) => JSON.stringify(each)).join(', ')}]`;
    const plain = items.every((each) => typeof each !== 'object' || each === null);
    if (plain && indent.length + before + line.length < WIDTH) return line;
    return `[\n${items.map((each) => deeper + write(each, deeper, 0)).join(',\n')}\n${indent}]`;
  }
  const members = Object.entries(value).filter(([, each]) => each !== undefined);
  if (members.length === 0) return '{}';
  const lines = members.map(([name, each]) => {
    const head = `${JSON.stringify(name)}: `;
    return deeper + head + write(each as Value, deeper, head.length + 1);
  });
  return `{\n${lines.join(',\n')}\n${indent}}`;
}
