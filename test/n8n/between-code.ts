import type { Connection, Step } from './workflow.ts';

/** A step between Check & Claim Key and Mark Complete, and what it leaves known of the claims of its items. */
export interface Between {
  /** As n8n calls it, with what is chosen where that matters. */
  readonly node: string;
  /**
   * `each`: of each item its own claim; `all`: of the one item that comes out, every claim that went in; `asks`: where
   * several went in, Mark Complete asks which.
   */
  readonly knows: 'each' | 'all' | 'asks';
  /** They get the items `{id}` of the step Claim, and lead to the step Strip. */
  readonly steps: readonly Step[];
  readonly connections?: readonly Connection[];
  /** Reads the id of an item that comes out; what is right in the end is asked of the receiver, by it. */
  readonly id?: string;
}

export const step = (
  name: string,
  type: string,
  typeVersion: number,
  parameters: object,
  more: object = {},
): Step => ({
  name,
  type: type.includes('.') ? type : `n8n-nodes-base.${type}`,
  typeVersion,
  parameters,
  ...more,
});

export const code = (jsCode: string, mode?: 'each', more: object = {}): Step =>
  step('Code', 'code', 2, { ...(mode === 'each' && { mode: 'runOnceForEachItem' }), jsCode }, more);

/** What people write in a Code node. */
export const snippets: readonly Between[] = [
  {
    node: 'Code, with the example that it brings',
    knows: 'each',
    steps: [
      code('for (const item of $input.all()) {\n  item.json.myNewField = 1;\n}\n\nreturn $input.all();'),
    ],
  },
  {
    node: 'Code that changes the order, or leaves items out',
    knows: 'each',
    steps: [code("return $input.all().reverse().filter(({ json }) => json.id !== 'b');")],
  },
  {
    node: 'Code, with the example that it brings for each item',
    knows: 'each',
    steps: [code('$input.item.json.myNewField = 1;\n\nreturn $input.item;', 'each')],
  },
  {
    node: 'Code whose new items keep the field onceonly',
    knows: 'each',
    steps: [
      code(
        'return $input.all().reverse().map(({ json: { id, onceonly } }) => ({ json: { id, onceonly } }));',
      ),
    ],
  },
  {
    node: 'Code that makes new items',
    knows: 'asks',
    steps: [code('return $input.all().reverse().map(({ json }) => ({ json: { id: json.id } }));')],
  },
  {
    node: 'Code that makes new items without “json”',
    knows: 'asks',
    steps: [code('return $input.all().map(({ json }) => ({ id: json.id }));')],
  },
  {
    node: 'Code that makes a new item for each item',
    knows: 'asks',
    steps: [code('return { json: { id: $json.id } };', 'each')],
  },
  {
    node: 'Code that makes one item of all',
    knows: 'asks',
    steps: [code('return [{ json: { id: $input.all().map(({ json }) => json.id).join() } }];')],
  },
  {
    node: 'Code that makes two items of each',
    knows: 'asks',
    steps: [code('return $input.all().flatMap(({ json: { id } }) => [{ json: { id } }, { json: { id } }]);')],
  },
];
