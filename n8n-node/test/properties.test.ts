import { operations, type Operation } from '@onceonly/shared';
import type { INodeProperties } from 'n8n-workflow';
import { properties } from '../nodes/OnceOnly/properties.ts';

const all: readonly Operation[] = Object.values(operations);

const shownFor = (id: string): INodeProperties[] =>
  properties.filter(({ displayOptions }) => displayOptions?.show?.['operation']?.includes(id));

/** A line a field: what the user sees first, and what it starts from. */
function lineOf({ displayName, name, type, required, default: standard, options }: INodeProperties): string {
  const inside = (options ?? []).map((each) => ('displayName' in each ? each.displayName : each.name));
  const within = inside.length > 0 ? ` [${inside.join(' | ')}]` : '';
  return `${displayName} (${name}, ${type}${required === true ? ', required' : ''}) = ${JSON.stringify(standard)}${within}`;
}

test('lists every operation, with its description', () => {
  const { options } = properties.find(({ name }) => name === 'operation') ?? {};
  expect(options).toEqual(
    all.map(({ id, label, description }) => {
      const action = label.charAt(0) + label.slice(1).toLowerCase();
      return { name: label, value: id, action, description };
    }),
  );
});

test.each(all.map(({ id }) => id))('shows the fields of %s', (id) => {
  expect(shownFor(id).map(lineOf)).toMatchSnapshot();
});

test('asks nowhere for what the node knows by itself', () => {
  const text = JSON.stringify(properties);
  expect(text).not.toContain('"run_reference"');
  expect(text).not.toContain('"run"');
});
