import { serve } from './support.ts';

test('a module of the Make app that ends or prolongs a claim is refused for no rate', async () => {
  const server = await serve({ config: { rateLimitPerMinute: 3, hookPrivateAddresses: false } });
  const items = ['j:a', 'j:b', 'j:c'].map((key) => ({ key }));
  const leases = (await server.post('/v1/ai/lease/batch', { items })).body.items;
  expect((await server.post('/v1/make/claimKey', { inputs: { job: 'j', key: 'd' } })).status).toBe(429);
  const run = async (module: string, index: number) => {
    const claim_token = `claim_${String(leases[index]?.lease_id)}|${String(leases[index]?.key)}`;
    return (await server.post(`/v1/make/${module}`, { inputs: { claim_token } })).body.items[0]?.status;
  };
  expect(await run('extendClaim', 0)).toBe('extended');
  expect(await run('completeKey', 0)).toBe('completed');
  expect(await run('failKey', 1)).toBe('failed');
});
