import { originOf } from '@onceonly/shared';
import { openSetting } from './setting.ts';

const RUN = 'https://n8n.example.com/workflow/a1/executions/7';

test.each([
  [['n8n', 'Order intake', RUN], { platform: 'n8n', workflow: 'Order intake', url: RUN }],
  [['zapier'], { platform: 'zapier' }],
  [['n8n', ' ', ''], { platform: 'n8n' }],
  [['n8n', `half \ud800\0 ${'😀'.repeat(200)}`], { platform: 'n8n', workflow: `half  ${'😀'.repeat(122)}` }],
  [
    ['n8n', 'A', 'https://bücher.example/a b'],
    { platform: 'n8n', workflow: 'A', url: 'https://xn--bcher-kva.example/a%20b' },
  ],
  [['n8n', 'A', 'javascript:alert(1)'], { platform: 'n8n', workflow: 'A' }],
  [['n8n', 'A', 'https://n8n.example.com@evil.example/'], { platform: 'n8n', workflow: 'A' }],
  [['n8n', 'A', `${RUN}/${'x'.repeat(500)}`], { platform: 'n8n', workflow: 'A' }],
] as const)('of %j what is certain is sent', (given, origin) => {
  const [platform, workflow, url] = given as readonly [string, string?, string?];
  expect(originOf(platform, workflow, url)).toEqual(origin);
});

test('claims of one and of many say where they are, and no other request does', async () => {
  const setting = await openSetting('own', { origin: originOf('n8n', 'Order intake', RUN) });
  try {
    const { client, network } = setting;
    const one = await client.run('claimKey', { job: 'orders', key: '1' });
    await client.performMany(
      'claimKey',
      ['2', '3'].map((key) => ({ inputs: { job: 'orders', key } })),
    );
    await client.run('lockKey', { job: 'orders', key: '4' });
    await client.run('completeKey', { claim_token: one.outputs.claim_token ?? '' });
    const sent = network.sent.map(({ path, body }) => [
      path,
      JSON.stringify(body ?? {}).split(RUN).length - 1,
    ]);
    expect(sent).toEqual([
      ['/v1/ai/lease', 1],
      ['/v1/me', 0],
      ['/v1/ai/lease/batch', 2],
      ['/v1/check-lock', 1],
      ['/v1/ai/complete', 0],
    ]);
  } finally {
    await setting.close();
  }
});
