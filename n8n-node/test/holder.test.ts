import { LIMITS } from '@onceonly/shared';
import { holderOf, runOf, type Place } from '../nodes/OnceOnly/holder.ts';

const place: Place = {
  instanceId: 'f'.repeat(64),
  workflowId: 'q1W2e3R4t5Y6u7I8',
  executionId: '231',
  nodeId: '11111111-2222-4333-8444-555555555555',
  runIndex: 0,
  itemIndex: 0,
};

test('is the same for the same place, as when n8n tries a node again', () => {
  expect(holderOf({ ...place })).toBe(holderOf(place));
});

test.each([
  { instanceId: 'e'.repeat(64) },
  { workflowId: 'other' },
  { executionId: '232' },
  { nodeId: 'other' },
  { runIndex: 1 },
  { itemIndex: 1 },
  // Written one after the other, these would read alike.
  { runIndex: 0, itemIndex: 10 },
  { runIndex: 10, itemIndex: 0 },
])('is another where %j', (differs) => {
  expect(holderOf({ ...place, ...differs })).not.toBe(holderOf(place));
});

test('is no longer than a name may be', () => {
  expect(holderOf(place).length).toBeLessThanOrEqual(LIMITS.nameCodePoints);
  expect(runOf(place.workflowId, place.executionId)).toBe('n8n:q1W2e3R4t5Y6u7I8:231');
});
