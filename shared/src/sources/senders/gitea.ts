import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

/** Gitea, Forgejo and Gogs also send GitHub's headers. But a replay has a new id, and the stored body. */
export const gitea = defineSender({
  id: 'gitea',
  label: 'Gitea, Forgejo, Gogs',
  docs: 'https://docs.gitea.com/usage/webhooks',
  seen: [
    { 'header:x-gitea-delivery': true },
    { 'header:x-forgejo-delivery': true },
    { 'header:x-gogs-delivery': true },
  ],
  jsonIn: 'payload',
  rules: [
    {
      key: [
        'header:x-gitea-event-type | header:x-forgejo-event-type | header:x-gitea-event | header:x-forgejo-event | header:x-gogs-event',
        'body:repository.id?',
        'hash:body:',
      ],
    },
  ],
  needs: 'headers lack X-Gitea-Event, X-Forgejo-Event or X-Gogs-Event.',
  retries: 'Sent again by hand only, with a new delivery ID and the same body.',
  recipe: 'Choose the fields that tell one event from another: the delivery ID is new on a replay.',
  signatures: [bodyHmac('x-gitea-signature | x-forgejo-signature | x-gogs-signature', 'hex')],
  unsigned: 'The headers, the type of the event among them.',
});
