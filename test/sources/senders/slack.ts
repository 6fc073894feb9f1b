import { createHmac } from 'node:crypto';
import { idOf, seconds, twenty, type Sender } from './sender.ts';

const SECRET = '8f742231b10e8888abcd99yyyzzz85a5';
const TYPES = ['message', 'app_mention', 'reaction_added', 'member_joined_channel'];

/** The same message, seen by several subscriptions, is an event of each. */
const events = twenty((event) => ({
  token: 'XXYYZZ',
  team_id: 'T123ABC456',
  api_app_id: 'A123ABC456',
  event: { type: TYPES[event % 4], user: 'U123ABC456', text: 'Order 1042', ts: '1764060000.000200' },
  type: 'event_callback',
  event_id: idOf('Ev', event, 9),
  event_time: 1_764_060_000,
}));

/** A retry says so in its headers, and is signed anew. */
export const slack: Sender = {
  source: 'slack',
  events,
  secret: SECRET,
  deliver: (event, attempt) => {
    const payload = JSON.stringify(events[event]);
    const time = seconds(attempt);
    const headers = {
      'Content-Type': 'application/json',
      'X-Slack-Request-Timestamp': time,
      'X-Slack-Signature': `v0=${createHmac('sha256', SECRET).update(`v0:${time}:${payload}`).digest('hex')}`,
      ...(attempt > 0 && { 'X-Slack-Retry-Num': String(attempt), 'X-Slack-Retry-Reason': 'http_timeout' }),
    };
    return { payload, headers };
  },
};
