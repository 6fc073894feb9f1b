import { setTimeout as pause } from 'node:timers/promises';
import { useN8n } from './setting.ts';
import { claim, complete } from './steps.ts';
import { webhook, work, workflow } from './workflow.ts';

const MINUTE = 60_000;

const steps = (path: string, url: string) => [
  webhook(path),
  claim({ options: { hold_minutes: 10 } }),
  work(url),
  complete(),
];

const setting = useN8n({
  workflows: ({ receiver }) => [
    workflow('orders', steps('orders', receiver.url)),
    workflow('progress', steps('progress', receiver.url), { settings: { saveExecutionProgress: true } }),
  ],
});

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await pause(20);
}

/** Sends an event, and kills n8n while its work is under way; starts it again. Answers the execution that died. */
async function crash(path: string, id: string): Promise<string> {
  const { n8n, receiver } = setting;
  // The first run's work never ends.
  receiver.behave((_, nth) => (nth === 1 ? new Promise(() => undefined) : 200));
  await n8n.send(path, { id });
  await until(() => receiver.asked(id) === 1);
  await n8n.kill();
  await n8n.start();
  const [died] = await n8n.executions.settled(path, 1);
  expect(died?.status).toBe('crashed');
  return died?.id ?? '';
}

test('after a crash, the next delivery takes over once the claim has ended, and the work is done once', async () => {
  await crash('orders', 'redelivered');
  await setting.deliver('orders', { id: 'redelivered' });
  expect(setting.receiver.done('redelivered')).toBe(0);
  setting.world.advance(10 * MINUTE);
  await setting.deliver('orders', { id: 'redelivered' });
  await setting.deliver('orders', { id: 'redelivered' });
  expect(setting.receiver.done('redelivered')).toBe(1);
});

test.each(['orders', 'progress'])(
  'after a crash, n8n’s own Retry does the work once, and a redelivery does nothing (%s)',
  async (path) => {
    const { n8n, receiver, world } = setting;
    const id = `retried-${path}`;
    const died = await crash(path, id);
    world.advance(10 * MINUTE);
    await n8n.executions.retry(died);
    await until(() => receiver.done(id) > 0);
    await n8n.executions.settled(path, 1, Number(died));
    await setting.deliver(path, { id });
    expect(receiver.done(id)).toBe(1);
  },
);
