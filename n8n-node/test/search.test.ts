import codex from '../nodes/OnceOnly/OnceOnly.node.json';
import triggerCodex from '../nodes/OnceOnly/OnceOnlyTrigger.node.json';
import { OnceOnlyTrigger } from '../nodes/OnceOnly/OnceOnlyTrigger.node.ts';

/* n8n's editor looks for what is typed in names and aliases alone, and shows one entry for a node and its trigger. */

test.each([
  ...['duplicate', 'duplicates', 'dedup', 'deduplicate', 'deduplication', 'remove duplicates'],
  ...['idempotent', 'idempotency', 'twice', 'already processed', 'claim', 'unique', 'exactly once', 'lock'],
])('is found by “%s”', (typed) => {
  for (const { alias } of [codex, triggerCodex])
    expect(alias.filter((each) => each.includes(typed))).not.toEqual([]);
});

test('the entry says what the node does, in the words of its trigger', () => {
  expect(new OnceOnlyTrigger().description.description).toContain('Stops duplicates');
});
