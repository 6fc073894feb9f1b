import type { INodeExecutionData, IPairedItemData, IRunData, ISourceData } from 'n8n-workflow';
import type { Mark } from '../nodes/OnceOnly/execution-claims.ts';
import { openLineage, type Lineage } from '../nodes/OnceOnly/lineage.ts';

type Links = number | IPairedItemData | IPairedItemData[];

/** What was done for an item, which n8n keeps beside it. */
const marks = new WeakMap<INodeExecutionData, Mark>();
const item = (pairedItem?: Links, mark?: Mark): INodeExecutionData => {
  const made: INodeExecutionData = { json: {}, ...(pairedItem !== undefined && { pairedItem }) };
  if (mark !== undefined) marks.set(made, mark);
  return made;
};
const claimed = (token: string | null, from = 0): INodeExecutionData => item(from, { claim_token: token });
const finished = (token: string, from = 0): INodeExecutionData => item(from, { finished: [token] });

/** One run of a node: where its input came from, and its items. */
const ran = (source: (ISourceData | string)[], items: INodeExecutionData[]): IRunData[string][number] => ({
  startTime: 0,
  executionTime: 0,
  executionIndex: 0,
  source: source.map((from) => (typeof from === 'string' ? { previousNode: from } : from)),
  data: { main: [items] },
});

const from = (previousNode: string, previousNodeRun = 0): ISourceData => ({ previousNode, previousNodeRun });

/** No link of a step called Code is believed. */
const lineageOf = (runData: IRunData, source: ISourceData | null, index: number): Lineage =>
  openLineage({
    runData,
    markOf: (_name, _run, each) => marks.get(each),
    setsLinks: (name) => name !== 'Code',
  })(source, index);

test('finds the claim behind steps that made new items', () => {
  const runData = {
    Claim: [ran(['Webhook'], [claimed('a'), claimed('b', 1)])],
    Sort: [ran(['Claim'], [item(1), item(0)])],
  };
  expect(lineageOf(runData, from('Sort'), 0)).toEqual({ tokens: ['b'], notHeld: false });
  expect(lineageOf(runData, from('Sort'), 1).tokens).toEqual(['a']);
});

test.each([
  ['what n8n made up', [item(0), item(1)]],
  ['what a snippet gave', [item(1), item(0)]],
  ['one item of all', [item(0)]],
  ['no links', [item(), item(), item()]],
])('believes no links of a step that need not set them: %s', (_, items) => {
  const runData = {
    Claim: [ran(['Webhook'], [claimed('a'), claimed('b', 1)])],
    Code: [ran(['Claim'], items)],
    Set: [ran(['Code'], [item(0)])],
  };
  for (const name of ['Code', 'Set']) {
    expect(lineageOf(runData, from(name), 0)).toEqual({
      tokens: ['a', 'b'],
      notHeld: false,
      blurredBy: 'Code',
    });
  }
});

test('is certain behind such a step where just one claim went into that run of it', () => {
  const runData = {
    Claim: [ran([from('Loop', 0)], [claimed('a')]), ran([from('Loop', 1)], [claimed('b')])],
    Code: [ran([from('Claim', 0)], [item(0), item(0)]), ran([from('Claim', 1)], [item()])],
  };
  expect(lineageOf(runData, from('Code', 0), 1)).toEqual({ tokens: ['a'], notHeld: false });
  expect(lineageOf(runData, from('Code', 1), 0)).toEqual({ tokens: ['b'], notHeld: false });
});

test('takes a duplicate that was let through for one that an item may be', () => {
  const runData = {
    Claim: [ran(['Webhook'], [claimed('a'), claimed(null, 1)])],
    Code: [ran(['Claim'], [item(0), item(1)])],
  };
  expect(lineageOf(runData, from('Code'), 1)).toEqual({ tokens: ['a'], notHeld: true, blurredBy: 'Code' });
});

test('knows not which claim an item has that was split off one of several', () => {
  const runData = {
    Claim: [ran(['Webhook'], [claimed('a'), claimed('b', 1), claimed('c', 2)])],
    Aggregate: [ran(['Claim'], [item([{ item: 0 }, { item: 1 }])])],
    Split: [ran(['Aggregate'], [item(0), item(0)])],
    One: [ran(['Claim'], [item(2), item(2)])],
  };
  expect(lineageOf(runData, from('Split'), 0)).toEqual({
    tokens: ['a', 'b'],
    notHeld: false,
    blurredBy: 'Split',
  });
  expect(lineageOf(runData, from('One'), 1)).toEqual({ tokens: ['c'], notHeld: false });
});

test('finds every claim behind an Aggregate, and behind a Merge', () => {
  const runData = {
    Claim: [ran(['Webhook'], [claimed('a'), claimed('b', 1), claimed('c', 2)])],
    // The middle one was filtered out.
    Filter: [ran(['Claim'], [item(0), item(2)])],
    Aggregate: [ran(['Filter'], [item([{ item: 0 }, { item: 1 }])])],
    Other: [ran(['Webhook'], [claimed('d')])],
    Merge: [
      ran(
        ['Aggregate', 'Other'],
        [
          item([
            { item: 0, input: 0 },
            { item: 0, input: 1 },
          ]),
        ],
      ),
    ],
  };
  expect(lineageOf(runData, from('Aggregate'), 0).tokens).toEqual(['a', 'c']);
  expect(lineageOf(runData, from('Merge'), 0).tokens).toEqual(['d', 'a', 'c']);
});

test('finds the outer claim once the inner one is finished', () => {
  const runData = {
    Outer: [ran(['Webhook'], [claimed('outer')])],
    Inner: [ran(['Outer'], [claimed('inner')])],
    Work: [ran(['Inner'], [item(0)])],
    Complete: [ran(['Work'], [finished('inner')])],
  };
  expect(lineageOf(runData, from('Work'), 0).tokens).toEqual(['inner']);
  expect(lineageOf(runData, from('Complete'), 0).tokens).toEqual(['outer']);
});

test('finds nothing behind a finished claim that is the only one', () => {
  const runData = {
    Claim: [ran(['Webhook'], [claimed('a')])],
    Complete: [ran(['Claim'], [finished('a')])],
  };
  expect(lineageOf(runData, from('Complete'), 0)).toEqual({ tokens: [], notHeld: false });
});

test('tells the rounds of a loop apart', () => {
  const runData = {
    Loop: [ran(['Webhook'], [item(0)]), ran([from('Work', 0)], [item(1)])],
    Claim: [ran([from('Loop', 0)], [claimed('round 1')]), ran([from('Loop', 1)], [claimed('round 2')])],
    Work: [ran([from('Claim', 0)], [item(0)]), ran([from('Claim', 1)], [item(0)])],
  };
  expect(lineageOf(runData, from('Work', 0), 0).tokens).toEqual(['round 1']);
  expect(lineageOf(runData, from('Work', 1), 0).tokens).toEqual(['round 2']);
});

test('does not go past a duplicate that was let through, to finish the claim before it', () => {
  const runData = {
    Outer: [ran(['Webhook'], [claimed('outer')])],
    Inner: [ran(['Outer'], [claimed(null)])],
  };
  expect(lineageOf(runData, from('Inner'), 0)).toEqual({ tokens: [], notHeld: true });
});

test('looks at a thousand claims behind several Aggregates in no time', () => {
  const all = Array.from({ length: 1_000 }, (_, index) => index);
  const links = all.map((index) => ({ item: index }));
  const runData = {
    Claim: [
      ran(
        ['Webhook'],
        all.map((index) => claimed(String(index), index)),
      ),
    ],
    First: [
      ran(
        ['Claim'],
        all.map((index) => item(index)),
      ),
    ],
    Second: [ran(['First'], [item(links), item(links)])],
    Third: [ran(['Second'], [item([{ item: 0 }, { item: 1 }])])],
  };
  expect(lineageOf(runData, from('Third'), 0).tokens).toHaveLength(1_000);
});

test('looks at five thousand items behind two steps that set no links in no time', () => {
  const all = Array.from({ length: 5_000 }, (_, index) => index);
  const runData = {
    Claim: [
      ran(
        ['Webhook'],
        all.map((index) => claimed(String(index), index)),
      ),
    ],
    Code: [
      ran(
        ['Claim'],
        all.map((index) => item(index)),
      ),
    ],
  };
  const lineage = openLineage({
    runData,
    markOf: (_name, _run, each) => marks.get(each),
    setsLinks: (name) => name !== 'Code',
  });
  for (const index of all) expect(lineage(from('Code'), index).tokens).toHaveLength(5_000);
});

test('finds nothing where links are missing, or lead nowhere', () => {
  const runData = { Sort: [ran(['Claim'], [{ json: {} }, item({ item: 7, input: 3 })])] };
  for (const [source, index] of [
    [from('Sort'), 0],
    [from('Sort'), 1],
    [from('Nobody'), 0],
    [null, 0],
  ] as const) {
    expect(lineageOf(runData, source, index)).toEqual({ tokens: [], notHeld: false });
  }
});

test('names a step that put an error in the place of an item, and not one whose error output is used', () => {
  const failed: INodeExecutionData = {
    json: { error: 'Request failed with status code 500' },
    pairedItem: 1,
  };
  const runData = {
    Claim: [ran(['Webhook'], [claimed('a'), claimed('b', 1)])],
    Request: [ran(['Claim'], [item(0), failed])],
  };
  expect(lineageOf(runData, from('Request'), 0)).toEqual({ tokens: ['a'], notHeld: false });
  expect(lineageOf(runData, from('Request'), 1)).toEqual({
    tokens: ['b'],
    notHeld: false,
    failed: ['Request'],
  });
  const [run] = runData.Request;
  const apart = {
    ...runData,
    Request: [{ ...ran(['Claim'], []), data: { main: [[], run?.data?.['main']?.[0] ?? []] } }],
  };
  const source = { ...from('Request'), previousNodeOutput: 1 };
  expect(lineageOf(apart, source, 1)).toEqual({ tokens: ['b'], notHeld: false });
});
