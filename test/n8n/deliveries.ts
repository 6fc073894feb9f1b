import { useN8n, type Setting, type SettingOptions } from './setting.ts';
import { claim, complete } from './steps.ts';
import { webhook, work, workflow } from './workflow.ts';

const ROUNDS = 10;
const numbered = (count: number, name: string): readonly string[] =>
  Array.from({ length: count }, (_, n) => `${name}-${String(n)}`);

/** What users are promised of deliveries, whatever database n8n itself is on. */
export function deliverTo(database: Pick<SettingOptions, 'database'>): Setting {
  const setting = useN8n({
    ...database,
    workflows: ({ receiver }) => [
      workflow('orders', [webhook('orders'), claim(), work(receiver.url), complete()]),
    ],
  });
  const deliver = async (ids: readonly string[]): Promise<void> => {
    await setting.deliver('orders', ...ids.map((id) => ({ id })));
  };
  const done = (name: string): readonly string[] => setting.receiver.all.filter((id) => id.startsWith(name));

  test('a delivery does its work, and its item goes on as it came', async () => {
    const [execution] = await setting.deliver('orders', { id: 'single', total: 7 });
    const { runData } = await setting.n8n.executions.data(execution?.id ?? '');
    expect(setting.receiver.done('single')).toBe(1);
    const claimed = runData['Claim']?.[0]?.data?.['main']?.[0];
    expect(claimed).toHaveLength(1);
    expect(claimed?.[0]).toMatchObject({
      json: {
        body: { id: 'single', total: 7 },
        onceonly: { proceed: true, key: 'orders:single', attempt: 1 },
      },
      pairedItem: { item: 0 },
    });
    expect(runData['Complete']?.[0]?.data?.['main']?.[0]).toHaveLength(1);
  });

  test('a duplicate stops at the claim, and a hint says why', async () => {
    await deliver(['twice']);
    const [execution] = await setting.deliver('orders', { id: 'twice' });
    const { runData } = await setting.n8n.executions.data(execution?.id ?? '');
    expect(Object.keys(runData)).toEqual(['Webhook', 'Claim']);
    const hint = runData['Claim']?.[0]?.hints?.map(({ message }) => message).join();
    expect(hint).toContain('orders:twice');
    expect(setting.receiver.done('twice')).toBe(1);
  });

  test('of fifty deliveries at once one goes on, in each of ten rounds', async () => {
    for (const event of numbered(ROUNDS, 'storm')) await deliver(Array.from({ length: 50 }, () => event));
    expect(done('storm')).toEqual(numbered(ROUNDS, 'storm'));
  });

  test('two hundred events at once all go on, and none of them again', async () => {
    const events = numbered(200, 'distinct');
    await deliver(events);
    expect([...done('distinct')].sort()).toEqual([...events].sort());
    await deliver(events);
    expect(done('distinct')).toHaveLength(200);
  });
  return setting;
}
