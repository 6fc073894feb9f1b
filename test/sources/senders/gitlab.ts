import type { Examples } from './examples.ts';

const headersOf = (key: string) => ({
  'X-Gitlab-Event': 'Push Hook',
  'X-Gitlab-Instance': 'https://gitlab.com',
  'X-Gitlab-Webhook-UUID': '02affd2d-2cba-4033-917d-ec22d5dc4b38',
  // Passed on to all hooks that a hook's own calls set off.
  'X-Gitlab-Event-UUID': '13792a34-cac6-4fda-95a8-c58e00a3954e',
  'X-Gitlab-Token': 'secret',
  'Idempotency-Key': key,
});
const body = {
  object_kind: 'push',
  ref: 'refs/heads/master',
  after: 'da1560886d4f094c3e6c9ef40349f7d38b5d27d7',
  project_id: 15,
  project: { id: 15, name: 'Diaspora' },
};

export const gitlab: Examples = {
  source: 'gitlab',
  events: [
    {
      first: { headers: headersOf('f5e5f430-f57b-4e6e-9fac-d9128cd7232f'), body },
      again: { headers: headersOf('f5e5f430-f57b-4e6e-9fac-d9128cd7232f'), body },
      other: { headers: headersOf('f5e5f430-f57b-4e6e-9fac-d9128cd72330'), body },
    },
  ],
};
