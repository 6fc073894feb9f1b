import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

/** The id of the delivery identifies the event: the hooks of a repository, an organization and an app get the same one. */
export const github = defineSender({
  id: 'github',
  label: 'GitHub',
  docs: 'https://docs.github.com/en/webhooks/using-webhooks/best-practices-for-using-webhooks#use-the-x-github-delivery-header',
  seen: [{ 'header:x-github-delivery': true }],
  jsonIn: 'payload',
  rules: [
    {
      key: ['header:x-github-delivery'],
      covers: ['header:x-github-event', 'body:action', 'body:repository.id', 'body:sender.id'],
    },
  ],
  needs: 'headers lack X-GitHub-Delivery, which names the event.',
  retries: 'Sent again when somebody asks for it, the same.',
  recipe: 'Enter the header X-GitHub-Delivery.',
  signatures: [bodyHmac('x-hub-signature-256', 'hex', 'sha256=')],
  unsigned: 'The headers: a captured body under a new X-GitHub-Delivery is a new event.',
});
