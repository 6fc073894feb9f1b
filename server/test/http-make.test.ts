import { serve, type TestServer } from './support.ts';

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

test('whoever comes after a run is told what it came to, whatever numbers its result holds', async () => {
  const server = await serve();
  const lease = await server.post('/v1/ai/lease', { key: 'j:a' });
  const body = { key: 'j:a', lease_id: lease.body.lease_id, result: { id: 2 ** 60, big: 1e300 } };
  expect((await server.post('/v1/ai/complete', body)).status).toBe(200);
  const inputs = { job: 'j', key: 'a', on_duplicate: 'continue' };
  const second = await server.post('/v1/make/claimKey', { inputs });
  expect(second.body.items).toMatchObject([
    { status: 'completed', proceed: false, result: { id: 2 ** 60, big: 1e300 } },
  ]);
});

test('what is nested too deeply is refused by its name, and leaves no work open', async () => {
  const server = await serve();
  const deep = `${'['.repeat(20_000)}${']'.repeat(20_000)}`;
  const claim = (more: string) => server.post('/v1/make/claimKey', `{"inputs":{"job":"j",${more}}}`);
  const payload = await claim(`"key_from":"detect","payload":${deep}`);
  expect(payload.body.detail).toMatchObject({
    type: 'DataError',
    message: expect.stringContaining('“Webhook body” is nested more than 500 levels deep.') as string,
  });
  const [claimed] = (await claim('"key":"a"')).body.items as unknown as { claim_token: string }[];
  const inputs = `{"claim_token":${JSON.stringify(claimed?.claim_token)},"result":{"a":${deep}}}`;
  const completed = await server.post('/v1/make/completeKey', `{"inputs":${inputs}}`);
  expect(completed.body.items).toMatchObject([{ completed: true }]);
  expect((await claim('"key":"a","on_duplicate":"continue"')).body.items).toMatchObject([
    { status: 'completed', result: { truncated: true } },
  ]);
});

describe('“Test only”, sent by hand', () => {
  const run = async (server: TestServer, module: string, test_only: unknown) => {
    const inputs = { job: 'j', key: module, test_only };
    const answer = await server.post(`/v1/make/${module}`, { inputs });
    const { body: seen } = await server.get(`/v1/make/getKey?key=j:${module}`);
    const { body: lock } = await server.post('/v1/check-lock', { key: `j:${module}` });
    const [found] = seen.items as unknown as { exists: boolean }[];
    return { answer, tookKey: found?.exists === true || lock.status !== 'locked' };
  };

  test.each(['true', ' True ', 'yes', '1', 1, true])('%j claims nothing', async (given) => {
    const server = await serve();
    for (const module of ['claimKey', 'lockKey']) {
      const { answer, tookKey } = await run(server, module, given);
      expect(answer.body.items).toMatchObject([{ message: expect.stringMatching(/^Test only/) as string }]);
      expect(tookKey).toBe(false);
    }
  });

  test.each(['false', 'No', '', 0, null, undefined])('%j claims', async (given) => {
    const server = await serve();
    for (const module of ['claimKey', 'lockKey']) {
      const { answer, tookKey } = await run(server, module, given);
      expect(answer.body.items).toMatchObject([{ proceed: true }]);
      expect(tookKey).toBe(true);
    }
  });

  test.each(['on', 'truee', 2, {}, []])(
    '%j is refused by its name, and nothing is claimed',
    async (given) => {
      const server = await serve();
      for (const module of ['claimKey', 'lockKey', 'completeKey']) {
        const { answer, tookKey } = await run(server, module, given);
        expect(answer.body.detail).toMatchObject({
          type: 'DataError',
          message: expect.stringContaining('“Test only” must be yes or no.') as string,
        });
        expect(tookKey).toBe(false);
      }
    },
  );
});
