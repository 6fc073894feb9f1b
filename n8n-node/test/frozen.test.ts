import type { JsonObject } from '@onceonly/shared';
import { expectFrozen } from '../../test/frozen/frozen.ts';
import { holderOf, runOf, type Place } from '../nodes/OnceOnly/holder.ts';
import { marked, markOf, type Mark } from '../nodes/OnceOnly/mark.ts';

/** An execution that waits for days goes on with a newer node, which must read its items, and find its claim. */

const TOKEN = 'claim_7c1f3f4e-54f0-4f0e-9d3b-0f6f3c6f2a10|send invoice:evt_1N3T00LkdIwHu7ix';

test('the marks of n8n’s items', async () => {
  const marks: readonly Mark[] = [
    { claim_token: TOKEN, field: 'onceonly' },
    { claim_token: null, field: '' },
    { finished: [TOKEN] },
    { finished: [] },
  ];
  const given = marks.map((mark) => ({ mark: { ...mark } }));
  await expectFrozen('n8n-items.jsonl', given, ({ mark }) => {
    const item = { json: { id: 1 }, ...marked(mark as unknown as Mark) };
    return { item: item as unknown as JsonObject, read: { ...markOf(item) } };
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
