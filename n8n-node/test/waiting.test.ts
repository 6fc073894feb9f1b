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
