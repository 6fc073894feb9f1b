import { isObject } from '../json.ts';
import { isRecent, isSame, macOf } from './mac.ts';
import { defineSource } from './source.ts';

/**
 * Slack's Events API: `event_id` is "globally unique across all workspaces" (api.slack.com/types/event), and a
 * delivery that is not answered within three seconds is sent up to three times more with the same one. What a retry
 * changes: X-Slack-Retry-Num and X-Slack-Retry-Reason are added, time and signature are new. Slash commands and buttons
 * are not sent again.
 * Signed: `v0:time:body`, HMAC-SHA256 in hex (api.slack.com/authentication/verifying-requests-from-slack).
 */
export const slack = defineSource({
  id: 'slack',
  label: 'Slack',
  docs: 'https://docs.slack.dev/apis/events-api/#retries',
  needs: {
    field: 'payload',
    message: 'payload is no event of the Slack Events API: it has no event_id.',
  },
  looksLike: ({ body }) => isObject(body) && body['type'] === 'event_callback',
  events: ({ body }) => {
    if (!isObject(body)) return [];
    const { event_id: key, team_id: team, api_app_id: app, event_time: at, event } = body;
    if (typeof key !== 'string' || key === '') return [];
    return [{ key, covers: { team, app, at, type: isObject(event) ? event['type'] : undefined } }];
  },
  signature: {
    header: 'x-slack-signature',
    isSigned: ({ header, text }, check) => {
      const time = header('x-slack-request-timestamp');
      const expected = `v0=${macOf('sha256', check.secret, `v0:${time}:${text}`, 'hex')}`;
      return isRecent(time, 1_000, check) && isSame(header('x-slack-signature'), expected);
    },
  },
});
