import type { Examples } from './examples.ts';

const headers = { 'X-Signature-Ed25519': 'a0b1', 'X-Signature-Timestamp': '1764060000' };
const interaction = { application_id: '845027738276462632', id: '846462639134605312', token: 'A_T', type: 2 };
const eventOf = (timestamp: string) => ({
  version: 1,
  application_id: '845027738276462632',
  type: 1,
  event: { type: 'ENTITLEMENT_CREATE', timestamp, data: { user_id: '1' } },
});

export const discord: Examples = {
  source: 'discord',
  events: [
    {
      first: { headers, body: interaction },
      again: { headers, body: interaction },
      other: { headers, body: { ...interaction, id: '846462639134605313' } },
    },
    {
      first: { headers, body: eventOf('2026-11-25T09:00:00.000000') },
      again: {
        headers: { ...headers, 'X-Signature-Ed25519': 'b1' },
        body: eventOf('2026-11-25T09:00:00.000000'),
      },
      other: { headers, body: eventOf('2026-11-25T09:00:01.000000') },
    },
  ],
  refused: [
    {
      headers,
      body: { application_id: '845027738276462632', id: '1', type: 1 },
      says: 'is the ping by which Discord',
    },
  ],
};
