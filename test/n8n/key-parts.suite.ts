import { useN8n } from './setting.ts';
import { claim, complete } from './steps.ts';
import { type Step, webhook, work, workflow } from './workflow.ts';

/** Keys whose parts may be missing, and numbers that are too long for n8n, in a real one. */

const rawWebhook = (path: string): Step => ({
  ...webhook(path),
  parameters: { httpMethod: 'POST', path, options: { rawBody: true } },
});
const FIELDS = { key: '', key_from: 'fields', fields: 'body.id' };
const WHOLE = { key: '', key_from: 'whole' };

const setting = useN8n({
  workflows: ({ receiver: { url } }) => {
    const flow = (path: string, trigger: Step, parameters: Readonly<Record<string, unknown>> = {}) =>
      workflow(path, [trigger, claim(parameters), work(url, '={{ $json.onceonly.key }}'), complete()]);
    return [
      flow('parts', webhook('parts'), { key: '={{ $json.body.event }}:{{ $json.body.order.id }}' }),
      flow('joined', webhook('joined'), { key: "={{ 'order' + $json.body.id }}" }),
      flow('title', webhook('title'), { key: '={{ $json.body.title }}' }),
      flow('chosen', webhook('chosen'), { key: "={{ ['order', $json.body.id].filter(Boolean).join('-') }}" }),
      flow('text', webhook('text'), { key: '{{ $json.body.id }}' }),
      flow('short', webhook('short')),
      ...[{}, FIELDS, WHOLE].map((from, nth) =>
        flow(`raw${String(nth)}`, rawWebhook(`raw${String(nth)}`), from),
      ),
      ...[FIELDS, WHOLE].map((from, nth) =>
        flow(`parsed${String(nth)}`, webhook(`parsed${String(nth)}`), from),
      ),
    ];
  },
});

const deliver = (path: string, payload: string) =>
  setting.deliverAs(path, { headers: { 'content-type': 'application/json' }, payload });
const worked = (path: string): readonly string[] =>
  setting.receiver.all.filter((id) => id.startsWith(`${path}:`));
const errorOf = async (id: string): Promise<string> =>
  (await setting.n8n.executions.data(id)).error?.message ?? '';

test('a key of several parts of which one is missing is refused, and says which', async () => {
  await deliver('parts', '{"event":"order.created","order":{"id":7}}');
  const { id, status } = await deliver('parts', '{"event":"order.created","order":{}}');
  expect(status).toBe('error');
  expect(await errorOf(id)).toContain('Part of the key is missing: {{ $json.body.order.id }} is empty');
  expect(worked('parts')).toEqual(['parts:order.created:7']);
});

test('what is missing within one expression is refused, whatever JavaScript makes of it', async () => {
  await deliver('joined', '{"id":7}');
  const { id } = await deliver('joined', '{"other":7}');
  expect(await errorOf(id)).toContain("in {{ 'order' + $json.body.id }}, $json.body.id is empty");
  expect(await errorOf(id)).toContain("enter {{ $json.body.id || 'none' }}");
  expect(worked('joined')).toEqual(['joined:order7']);
});

test('text of the event is never refused for a word in it', async () => {
  await deliver('title', '{"title":"undefined behaviour"}');
  expect(worked('title')).toEqual(['title:undefined behaviour']);
});

test('where nobody can tell whether a part is missing, a warning says so', async () => {
  const { id } = await deliver('chosen', '{"other":7}');
  const { runData } = await setting.n8n.executions.data(id);
  const hints = (runData['Claim']?.[0]?.hints ?? []).map(({ message }) => message).join();
  expect(hints).toContain('$json.body.id is missing');
});

test('a key that is still the text of an expression is refused', async () => {
  const { id } = await deliver('text', '{"id":7}');
  expect(await errorOf(id)).toContain('“Key” still has “{{” and “}}” in it');
});

test.each(['raw0', 'raw1', 'raw2'])(
  '%s: with Raw Body on, long numbers that differ in the last digit are two events',
  async (path) => {
    for (const last of [1, 1, 2]) await deliver(path, `{"id":900719925474099300${String(last)}}`);
    expect(worked(path)).toHaveLength(2);
  },
);

test.each(['short', 'parsed0', 'parsed1'])(
  '%s: without it they are refused, and the fix is named',
  async (path) => {
    const { id, status } = await deliver(path, '{"id":9007199254740993001}');
    expect(status).toBe('error');
    expect(await errorOf(id)).toContain('switch on Raw Body in its options');
    expect(worked(path)).toEqual([]);
  },
);
