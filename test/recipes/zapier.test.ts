import { openZapierProcess, type ZapierProcess } from '../platforms/zapier-process.ts';
import { openZapier } from '../platforms/zapier.ts';
import { useRecipes } from './play.ts';

let app: ZapierProcess;
beforeAll(async () => {
  app = await openZapierProcess();
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
