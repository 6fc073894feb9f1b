import type { Examples } from './examples.ts';

const headers = { 'x-vercel-signature': 'a0b1' };
const bodyOf = (id: string) => ({
  id,
  type: 'deployment.succeeded',
  createdAt: 1_764_060_000_000,
  payload: { deployment: { id: 'dpl_89qyp1cskzkLrVicDaZoDbjyHuDJ' } },
});

export const vercel: Examples = {
  source: 'vercel',
  events: [
    {
      first: { headers, body: bodyOf('uev_1') },
      again: { headers, body: bodyOf('uev_1') },
      other: { headers, body: bodyOf('uev_2') },
    },
  ],
};
