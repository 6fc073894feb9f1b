import type { Examples } from './examples.ts';

const headersOf = (time: string) => ({
  'x-zm-signature': `v0=of-${time}`,
  'x-zm-request-timestamp': time,
  'x-zm-trackingid': `track-${time}`,
});
const bodyOf = (participant: string, downloadToken = 'a') => ({
  event: 'meeting.participant_joined',
  event_ts: 1_764_060_000_000,
  download_token: downloadToken,
  payload: {
    account_id: 'AAAAAABBBB',
    object: {
      id: '1234567890',
      uuid: '4444AAAiAAAAAiAiAiiAii==',
      participant: { participant_uuid: participant },
    },
  },
});

export const zoom: Examples = {
  source: 'zoom',
  events: [
    {
      first: { headers: headersOf('1764060000'), body: bodyOf('55555AAAiAAA') },
      again: { headers: headersOf('1764060300'), body: bodyOf('55555AAAiAAA', 'b') },
      other: { headers: headersOf('1764060000'), body: bodyOf('55555AAAiAAB') },
    },
  ],
  refused: [
    {
      headers: headersOf('1764060000'),
      body: { event: 'endpoint.url_validation', event_ts: 1, payload: { plainToken: 'q' } },
      says: 'by which Zoom checks the address',
    },
  ],
};
