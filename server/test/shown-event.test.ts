import { type KeyEvent, shownEvent } from '../src/claims/events.ts';

const event: Omit<KeyEvent, 'key' | 'by'> = {
  ...{ id: 1, at: 0, type: 'run_died', run: null, origin: null, attempt: 1, firstSeenAt: 0, errorCode: null },
};

test.each([
  ['orders:evt_1N3T00LkdIwHu7ix-2', 'orders:evt_1N3T00LkdIwHu7ix-2'],
  ['Bücher 東京:१२', 'Bücher 東京:१२'],
  ['a:<!channel> <@U123> @here', 'a:··channel· ··U123· ·here'],
  ['a:https://evil.example/x?y=1#z', 'a:https:··evil·example·x·y·1·z'],
  ['a:evil.example', 'a:evil·example'],
  ['a:evil。example', 'a:evil·example'],
  ['a:[click](javascript:x) **now** `x` |y|', 'a:·click··javascript:x· ··now·· ·x· ·y·'],
  ['a:b\nMessage: c\r\u2028d\te', 'a:b·Message: c··d·e'],
  ['a:\u202egnp\u200b\u2066x', 'a:·gnp··x'],
])('the key %j is told within a sentence as plain text', (key, shown) => {
  expect(shownEvent({ ...event, key })).toMatchObject({ key, shown_key: shown });
});

test.each([
  [null, { platform: null, workflow: null, run_url: null, shown_where: null }],
  [{ platform: 'zapier' }, { platform: 'zapier', workflow: null, run_url: null, shown_where: 'on Zapier' }],
  [
    { platform: 'n8n', workflow: 'Orders [x](y) @all', url: 'https://n8n.example/workflow/a1/executions/7' },
    {
      platform: 'n8n',
      workflow: 'Orders [x](y) @all',
      run_url: 'https://n8n.example/workflow/a1/executions/7',
      shown_where: 'on n8n, in “Orders ·x··y· ·all”',
    },
  ],
  [{ platform: '<pipe>' }, { platform: '<pipe>', shown_where: 'on ·pipe·' }],
])('of a run at %j it is told where it is, safe within a sentence', (origin, shown) => {
  const text = origin === null ? null : JSON.stringify(origin);
  expect(shownEvent({ ...event, key: 'k', origin: text })).toMatchObject(shown);
});
