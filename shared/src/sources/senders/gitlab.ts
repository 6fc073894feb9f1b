import { defineSender } from '../sender.ts';

/** X-Gitlab-Event-UUID identifies a chain of webhooks that trigger each other, so several events share it. */
export const gitlab = defineSender({
  id: 'gitlab',
  label: 'GitLab',
  docs: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
  seen: [{ 'header:x-gitlab-event': true }],
  rules: [
    {
      key: ['header:idempotency-key | header:webhook-id | header:x-gitlab-webhook-uuid'],
      covers: [
        'header:x-gitlab-event',
        'body:project.id | body:project_id',
        'body:object_attributes.id | body:after',
      ],
    },
  ],
  needs: 'headers lack Idempotency-Key, which names the event (GitLab 17.4 and later).',
  retries: 'Sent again by hand only, with the same Idempotency-Key.',
  recipe: 'Enter the header Idempotency-Key.',
  signatures: [
    { kind: 'standard', header: 'webhook-signature', prefixes: ['webhook-'] },
    { kind: 'token', header: 'x-gitlab-token' },
  ],
  unsigned: 'With a secret token, nothing of the delivery: the token tells who sends.',
});
