import type { JsonObject } from '@onceonly/shared';
import type { IExecuteFunctions } from 'n8n-workflow';
import { expectFrozen } from '../../test/frozen/frozen.ts';
import { holderOf, runOf, type Place } from '../nodes/OnceOnly/holder.ts';
import { claimsOf, type Claims, type Mark } from '../nodes/OnceOnly/execution-claims.ts';

/** An execution that waits for days goes on with a newer node, which must read its items, and find its claim. */

const TOKEN = 'claim_7c1f3f4e-54f0-4f0e-9d3b-0f6f3c6f2a10|send invoice:evt_1N3T00LkdIwHu7ix';

/** Of an execution with which n8n keeps this. */
function claimsIn(kept: object): Claims {
  const node = {
    getContext: () => kept,
    getNode: () => ({ name: 'Claim' }),
    getWorkflowDataProxy: () => ({ $runIndex: 2 }),
  };
  return claimsOf(node as unknown as IExecuteFunctions);
}
const step = { type: 'n8n-nodes-onceonly.onceOnly' };

test('the marks that n8n’s items carried before version 0.1, of executions that still wait', async () => {
  const marks: readonly JsonObject[] = [
    { claim_token: TOKEN, field: 'onceonly' },
    { claim_token: null, field: '' },
    { finished: [TOKEN] },
    { finished: [] },
  ];
  const given = marks.map((mark) => ({ mark }));
  await expectFrozen('n8n-items.jsonl', given, ({ mark }) => {
    const item = { json: { id: 1 }, onceonly: mark };
    const read = claimsIn({}).markOf('Claim', step, 0, item as never);
    return { item: item as JsonObject, read: { ...read } as JsonObject };
  });
});

test('the claims that n8n keeps with an execution', async () => {
  const marks: readonly Mark[] = [
    { claim_token: TOKEN },
    { claim_token: null },
    { finished: [TOKEN] },
    { finished: [TOKEN], whole: true },
    { finished: [], whole: true },
  ];
  const given = marks.map((mark) => ({ mark: { ...mark } }));
  await expectFrozen('n8n-claims.jsonl', given, ({ mark }) => {
    const kept = {};
    claimsIn(kept).note(11, mark as unknown as Mark);
    const item = { json: {}, pairedItem: { item: 11 } };
    const claims = claimsIn(structuredClone(kept));
    const read = { ...claims.markOf('Claim', step, 2, item) };
    const { made, open, letThrough } = claims;
    return { kept, read, made, open, letThrough };
  });
});

test('the runs and holders of n8n, by which a node that is tried again finds its claim', async () => {
  const place: Place = {
    instanceId: 'f'.repeat(64),
    workflowId: 'q1W2e3R4t5Y6u7I8',
    executionId: '231',
    nodeId: '11111111-2222-4333-8444-555555555555',
    ...{ runIndex: 0, itemIndex: 0 },
  };
  const given = [place, { ...place, runIndex: 2, itemIndex: 11 }].map((each) => ({ ...each }));
  await expectFrozen('n8n-runs.jsonl', given, (of) => {
    const { workflowId, executionId } = of as unknown as Place;
    return { run: runOf(workflowId, executionId), holder: holderOf(of as unknown as Place) };
  });
});
