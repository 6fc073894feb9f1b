import type { Examples } from './examples.ts';

const headersOf = (delivery: string) => ({
  'X-Gitea-Delivery': delivery,
  'X-Gitea-Event': 'push',
  'X-Gitea-Event-Type': 'push',
  'X-Gitea-Signature': '00',
  'X-Gogs-Delivery': delivery,
  'X-Gogs-Event': 'push',
  'X-GitHub-Delivery': delivery,
  'X-GitHub-Event': 'push',
  'X-Hub-Signature-256': 'sha256=00',
});
const body = {
  ref: 'refs/heads/develop',
  before: '28e1879d029cb852e4844d9c718537df08844e03',
  after: 'bffeb74224043ba2feb48d137756c8a9331c449a',
  repository: { id: 140, name: 'webhooks', full_name: 'gitea/webhooks' },
};

export const gitea: Examples = {
  source: 'gitea',
  events: [
    {
      first: { headers: headersOf('f6266f16-1bf3-46a5-9ea4-602e06ead473'), body },
      // A replay.
      again: { headers: headersOf('0a1b2c3d-1bf3-46a5-9ea4-602e06ead473'), body },
      other: {
        headers: headersOf('f6266f16-1bf3-46a5-9ea4-602e06ead473'),
        body: { ...body, after: 'c0ffee' },
      },
    },
  ],
};
