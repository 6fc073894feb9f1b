import type { IExecuteFunctions, INodeExecutionData } from 'n8n-workflow';
import { openTokens } from '../nodes/OnceOnly/tokens.ts';

/* An execution that began with an older version of the node, which left its marks on the items, and waits for a newer one. */

const STEPS = { Claim: 'n8n-nodes-onceonly.onceOnly', Work: 'n8n-nodes-base.httpRequest' };

/** Behind Work, which made its items anew of those of Claim. */
function nodeBehind(marks: readonly object[]): IExecuteFunctions {
  const ran = (source: readonly object[], items: readonly object[]) => [{ source, data: { main: [items] } }];
  const runData = {
    Claim: ran(
      [],
      marks.map((onceonly, item) => ({ json: {}, pairedItem: { item }, onceonly })),
    ),
    Work: ran(
      [{ previousNode: 'Claim' }],
      marks.map((_, item) => ({ json: {}, pairedItem: { item } })),
    ),
  };
  const node = {
    getContext: () => ({}),
    getNode: () => ({ name: 'Complete', type: 'n8n-nodes-onceonly.onceOnly' }),
    getParentNodes: () => Object.entries(STEPS).map(([name, type]) => ({ name, type })),
    getExecuteData: () => ({ source: { main: [{ previousNode: 'Work' }] } }),
    runExecutionData: { resultData: { runData } },
  };
  return node as unknown as IExecuteFunctions;
}

const item: INodeExecutionData = { json: {} };
const wanted = { entered: '', whole: false };

test('its claims are found, each for its item', () => {
  const tokens = openTokens(
    nodeBehind(['a.job:1', 'b.job:2'].map((claim_token) => ({ claim_token, field: 'onceonly' }))),
  );
  expect(tokens.of(item, 0, wanted)).toMatchObject({ tokens: ['a.job:1'] });
  expect(tokens.of(item, 1, wanted)).toMatchObject({ tokens: ['b.job:2'] });
});

test('a duplicate that it let through has nothing to finish', () => {
  const tokens = openTokens(nodeBehind([{ claim_token: null, field: 'onceonly' }]));
  expect(tokens.of(item, 0, wanted)).toMatchObject({ nothing: 'duplicate' });
});

test('what it finished is not found again', () => {
  const tokens = openTokens(nodeBehind([{ finished: ['a.job:1'] }]));
  expect(() => tokens.of(item, 0, wanted)).toThrow('no “Check & Claim Key” step leads to this item');
});

describe('of a run of a part of a workflow, n8n has kept the items alone', () => {
  const A = 'claim_a|job:1';
  const B = 'claim_b|other:2';
  const behind = (json: object, options: object = {}): IExecuteFunctions => {
    const runData = {
      Claim: [{ source: [], data: { main: [[{ json, pairedItem: { item: 0 } }]] } }],
      Work: [
        { source: [{ previousNode: 'Claim' }], data: { main: [[{ json: {}, pairedItem: { item: 0 } }]] } },
      ],
    };
    const node = {
      ...nodeBehind([]),
      getParentNodes: () => [
        { name: 'Claim', type: STEPS.Claim, parameters: { operation: 'claimKey', options } },
        { name: 'Work', type: STEPS.Work },
      ],
      runExecutionData: { resultData: { runData } },
    };
    return node as unknown as IExecuteFunctions;
  };
  const both = { outer: { claim_token: A }, onceonly: { claim_token: B } };

  test.each([
    ['its own field', both, {}, B],
    ['the field that it was given', both, { output_field: 'outer' }, A],
    ['the only one', { some: { claim_token: A } }, { output_field: '={{ $json.field }}' }, A],
  ])('a claim is found by %s', (_, json, options, token) => {
    expect(openTokens(behind(json, options)).of(item, 0, wanted)).toMatchObject({ tokens: [token] });
  });

  test('of several it takes none, and names them', () => {
    const tokens = openTokens(behind(both, { output_field: '' }));
    expect(() => tokens.of(item, 0, wanted)).toThrow('came with 2 claims: “job:1” and “other:2”');
  });

  test('a duplicate that was let through has nothing to finish', () => {
    const json = { onceonly: { proceed: false, claim_token: null } };
    expect(openTokens(behind(json)).of(item, 0, wanted)).toMatchObject({ nothing: 'duplicate' });
  });
});
