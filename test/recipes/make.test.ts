import { openMake } from '../platforms/make.ts';
import { useHabits } from './habits.ts';
import { useRecipes } from './play.ts';

const { expectDoneOnce, expectEmptyGivenUp } = useRecipes('make', openMake);

test.each([
  ...['Stripe', 'Shopify', 'GitHub', 'Slack', 'Standard Webhooks', 'Twilio', 'HubSpot', 'Typeform'],
  ...['Any other webhook', 'E-mail', 'Database rows', 'Forms', 'AI agents'],
])('%s: each event is done once', async (source) => {
  await expectDoneOnce(source);
});

test('Models that return nothing: tried again, and given up in the end', async () => {
  await expectEmptyGivenUp();
});

// A module waits for its turn for twenty seconds; here it gives up sooner.
const habits = useHabits('make', openMake, { makeDeadlineMs: 6_500 });

test.each([
  ...['One at a time per customer', 'Changes of a record', 'My own write starts my automation again'],
  ...['Look before you repeat', 'Watch first', 'Stripe: an older change does not follow a newer one'],
])('%s', async (guide) => {
  await habits[guide]?.();
  expect(Object.keys(habits)).toContain(guide);
});
