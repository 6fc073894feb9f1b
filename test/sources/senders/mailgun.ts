import type { Examples } from './examples.ts';

const bodyOf = (id: string, token: string) => ({
  signature: { timestamp: '1764060000', token, signature: `of-${token}` },
  'event-data': {
    id,
    event: 'opened',
    timestamp: 1_764_060_000.377,
    message: { headers: { 'message-id': '20130503182626.18666.16540@example.com' } },
  },
});

export const mailgun: Examples = {
  source: 'mailgun',
  events: [
    {
      first: { body: bodyOf('Ase7i2zsRYeDXztHGENqRA', 'a1') },
      again: { body: bodyOf('Ase7i2zsRYeDXztHGENqRA', 'b2') },
      other: { body: bodyOf('Ase7i2zsRYeDXztHGENqRB', 'a1') },
    },
  ],
};
