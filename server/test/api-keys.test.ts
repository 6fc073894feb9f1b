import { createApiKeyLookup, hashApiKey, type ApiKey } from '../src/api-keys.ts';

test('a key in use stays remembered, however many others come meanwhile', async () => {
  const secretOf = (number: number) => `once_live_${String(number).padStart(43, '0')}`;
  const find = (hash: string): Promise<ApiKey> =>
    Promise.resolve({ id: 'key_1', tenant: 'acme', role: 'automation', hash, createdAt: 0, revokedAt: null });
  const lookup = createApiKeyLookup({ find }, () => 0);
  const inUse = secretOf(0);
  await lookup.ask(inUse);
  for (let number = 1; number <= 20_000; number += 1) {
    await lookup.ask(secretOf(number));
    expect(lookup.remembered(inUse)?.hash).toBe(hashApiKey(inUse));
  }
  expect(lookup.wasGood(secretOf(1))).toBe(false);
});
