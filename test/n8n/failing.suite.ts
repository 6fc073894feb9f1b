import { useN8n } from './setting.ts';
import { claim, complete } from './steps.ts';
import { inTurn, type Step, webhook, work, workflow } from './workflow.ts';

const MODES = ['stopWorkflow', 'continueRegularOutput', 'continueErrorOutput'];

/** What follows the second output, for those that could not be checked. */
const elsewhere = (url: string): Step => ({
  ...work(url, '=error of {{ $json.body.id }}: {{ $json.error }}'),
  name: 'Elsewhere',
});

const setting = useN8n({
  workflows: ({ receiver: { url } }) => {
    const chain = (id: string, settings: object) =>
      workflow(id, [webhook(id), claim({}, settings), work(url), complete()]);
    return [
      ...MODES.slice(0, 2).map((onError) => chain(onError, { onError })),
      workflow(
        'continueErrorOutput',
        [
          webhook('continueErrorOutput'),
          claim({}, { onError: 'continueErrorOutput' }),
          work(url),
          elsewhere(url),
        ],
        {
          connections: [
            ...inTurn([webhook('continueErrorOutput'), claim(), work(url)]),
            { from: 'Claim', output: 1, to: 'Elsewhere' },
          ],
        },
      ),
      chain('alwaysOutput', { alwaysOutputData: true }),
      chain('alwaysOutputAndContinue', { alwaysOutputData: true, onError: 'continueRegularOutput' }),
      chain('retried', { retryOnFail: true, maxTries: 3, waitBetweenTries: 10 }),
    ];
  },
});

afterEach(() => {
  setting.wire.become('whole');
});

describe.each(MODES)('where a claim cannot be checked, under %s', (mode) => {
  test('no work is done', async () => {
    const { wire, receiver } = setting;
    wire.become('cut');
    const [execution] = await setting.deliver(mode, { id: mode });
    expect(receiver.asked(mode)).toBe(0);
    expect(execution?.status).toBe(mode === 'stopWorkflow' ? 'error' : 'success');
    wire.become('whole');
    await setting.deliver(mode, { id: mode });
    expect(receiver.done(mode)).toBe(1);
  });
});

test('Always Output Data is refused by the node, and named', async () => {
  for (const path of ['alwaysOutput', 'alwaysOutputAndContinue']) {
    const [execution] = await setting.deliver(path, { id: path });
    expect(execution?.status).toBe('error');
    const { error } = await setting.n8n.executions.data(execution?.id ?? '');
    expect(`${error?.message ?? ''} ${error?.description ?? ''}`).toContain('Always Output Data');
    expect(setting.receiver.asked(path)).toBe(0);
  }
});

test('where the answer to a claim was lost, Retry On Fail finds its own claim', async () => {
  const { wire, receiver } = setting;
  let lost = 0;
  const before = wire.requests.length;
  // More than the node sends again by itself.
  wire.become(() => ((lost += 1) <= 6 ? 'loses answers' : 'whole'));
  const [execution] = await setting.deliver('retried', { id: 'retried' });
  expect(execution?.status).toBe('success');
  expect(wire.requests.length - before).toBeGreaterThan(6);
  expect(receiver.done('retried')).toBe(1);
});
