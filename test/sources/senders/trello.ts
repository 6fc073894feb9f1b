import type { Examples } from './examples.ts';

const headers = { 'X-Trello-Webhook': 'c2lnbmVk' };
const bodyOf = (id: string, webhook: string) => ({
  action: { id, idMemberCreator: '4fc78a59a885233f4b349bd9', type: 'updateBoard' },
  model: { id: '4d5ea62fd76aa1136000000c' },
  webhook: { id: webhook },
});

export const trello: Examples = {
  source: 'trello',
  events: [
    {
      first: { headers, body: bodyOf('51f9424bcd6e040f3c002412', 'w1') },
      // As another webhook hears of it.
      again: { headers, body: bodyOf('51f9424bcd6e040f3c002412', 'w2') },
      other: { headers, body: bodyOf('51f9424bcd6e040f3c002413', 'w1') },
    },
  ],
};
