import { openZapierProcess, type ZapierProcess } from '../platforms/zapier-process.ts';
import { openZapier } from '../platforms/zapier.ts';
import { useHabits } from './habits.ts';
import { useRecipes } from './play.ts';

let app: ZapierProcess;
beforeAll(async () => {
  // How a step waits its twenty seconds, test/zapier/replay.test.ts shows.
  app = await openZapierProcess({ waitMs: 1_500 });
});
afterAll(() => app.close());

const { expectDoneOnce, expectEmptyGivenUp } = useRecipes(
  (world) => openZapier(world, app),
  // Under the names that Zapier gives to headers.
  (headers) =>
    Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        `HTTP_${name.toUpperCase().replaceAll('-', '_')}`,
        value,
      ]),
    ),
);

test.each([
  ...['Stripe', 'Shopify', 'GitHub', 'Slack', 'Standard Webhooks', 'Twilio', 'HubSpot', 'Typeform'],
  ...['Any other webhook', 'E-mail', 'Database rows', 'Forms', 'AI agents'],
])('%s: each event is done once', async (source) => {
  await expectDoneOnce(source);
});

test('Models that return nothing: tried again, and given up in the end', async () => {
  await expectEmptyGivenUp();
});

const habits = useHabits((world) => openZapier(world, app));

test.each([
  ...['One at a time per customer', 'Changes of a record', 'My own write starts my automation again'],
  ...['Look before you repeat', 'Watch first', 'Stripe: an older change does not follow a newer one'],
])('%s', async (guide) => {
  await habits[guide]?.();
  expect(Object.keys(habits)).toContain(guide);
});
