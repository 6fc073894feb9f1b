import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

/** The identifier is unique only within a site. The URL of the object contains the site. */
export const jira = defineSender({
  id: 'jira',
  label: 'Jira',
  docs: 'https://developer.atlassian.com/cloud/jira/platform/webhooks/',
  seen: [
    { 'header:x-atlassian-webhook-identifier': true },
    {
      'body:webhookEvent': /^(jira|comment|worklog|issuelink|sprint|board|project|user|version):?/,
      'body:timestamp': true,
    },
  ],
  rules: [
    {
      key: [
        'header:x-atlassian-webhook-identifier',
        'body:issue.self | body:comment.self | body:project.self | body:version.self | body:user.self?',
      ],
    },
    {
      key: [
        'body:webhookEvent',
        'body:timestamp',
        'body:issue.self | body:comment.self | body:worklog.self | body:project.self | body:version.self | body:user.self',
        'body:changelog.id | body:comment.id?',
      ],
    },
  ],
  needs: 'headers lack X-Atlassian-Webhook-Identifier, and the body is no event with a time and an object.',
  retries: 'Sent again up to five times in an hour or so, with another X-Atlassian-Webhook-Retry.',
  recipe: 'Enter the header X-Atlassian-Webhook-Identifier.',
  signatures: [bodyHmac('x-hub-signature', 'hex', 'sha256=')],
  unsigned: 'The headers: a copied body with a new ID counts as a new event.',
});
