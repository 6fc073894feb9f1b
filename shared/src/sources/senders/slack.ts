import { defineSender } from '../sender.ts';

/** `event_id` is unique across all workspaces. Slash commands and buttons have none, but are not sent again. */
export const slack = defineSender({
  id: 'slack',
  label: 'Slack',
  docs: 'https://docs.slack.dev/apis/events-api/#retries',
  seen: [
    { 'body:type': 'event_callback', 'body:event_id': true },
    { 'body:type': 'url_verification', 'body:challenge': true },
  ],
  rules: [
    {
      when: { 'body:type': 'url_verification' },
      none: 'is the challenge by which Slack checks the address: it is no event. Answer it with its challenge, before this step.',
    },
    {
      key: ['body:event_id'],
      covers: ['body:team_id', 'body:api_app_id', 'body:event_time', 'body:event.type'],
    },
  ],
  needs: 'payload is no event of the Slack Events API: it has no event_id.',
  retries:
    'Sent again up to three times: X-Slack-Retry-Num and X-Slack-Retry-Reason are added, time and signature are new.',
  recipe: 'Enter the Event ID (Ev…).',
  signatures: [
    {
      kind: 'hmac',
      header: 'x-slack-signature',
      hash: 'sha256',
      encoding: 'hex',
      prefix: 'v0=',
      signs: 'v0:{time}:{body}',
      time: 'x-slack-request-timestamp',
    },
  ],
});
