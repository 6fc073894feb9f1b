import type { Examples } from './examples.ts';

const body = {
  id: 'WH-58D329510W468432D-8HN650336L201105X',
  create_time: '2026-11-25T09:00:00.000Z',
  resource_type: 'capture',
  event_type: 'PAYMENT.CAPTURE.COMPLETED',
  resource: { id: '2GG279541U471931P', status: 'COMPLETED' },
};
const headersOf = (transmission: string) => ({
  'PAYPAL-TRANSMISSION-ID': transmission,
  'PAYPAL-TRANSMISSION-TIME': '2026-11-25T09:00:01Z',
  'PAYPAL-TRANSMISSION-SIG': `sig-of-${transmission}`,
});
const ipn = 'txn_id=61E67681CH3238416&payment_status=Completed&txn_type=web_accept&ipn_track_id=';

export const paypal: Examples = {
  source: 'paypal',
  events: [
    {
      first: { headers: headersOf('a1'), body },
      again: { headers: headersOf('a2'), body },
      other: { headers: headersOf('a3'), body: { ...body, id: 'WH-58D329510W468432D-8HN650336L201106Y' } },
    },
    {
      first: { body: `${ipn}e1` },
      again: { body: `${ipn}e2` },
      other: { body: `${ipn.replace('Completed', 'Refunded')}e1` },
    },
  ],
};
