import type { Examples } from './examples.ts';

const body = {
  specversion: '1.0',
  type: 'com.example.order',
  source: 'https://example.com/orders',
  id: 'A234-1234-1234',
  data: { total: 5 },
};
const headersOf = (id: string, source = 'https://example.com/orders') => ({
  ...{ 'ce-specversion': '1.0', 'ce-type': 'com.example.order', 'ce-source': source, 'ce-id': id },
  'Content-Type': 'application/json',
});
const STRUCTURED = { 'Content-Type': 'application/cloudevents+json' };
const BATCH = { 'Content-Type': 'application/cloudevents-batch+json' };

export const cloudevents: Examples = {
  source: 'cloudevents',
  events: [
    {
      first: { headers: STRUCTURED, body },
      again: {
        headers: { ...STRUCTURED, traceparent: '00-2' },
        body: { ...body, time: '2026-11-25T09:00:00Z' },
      },
      other: { headers: STRUCTURED, body: { ...body, source: 'https://example.com/returns' } },
    },
    {
      first: { headers: headersOf('1'), body: { total: 5 } },
      again: { headers: { ...headersOf('1'), 'ce-time': '2026-11-25T09:00:00Z' }, body: { total: 5 } },
      other: { headers: headersOf('2'), body: { total: 5 } },
    },
    // The modes say the same.
    {
      first: { headers: headersOf('A234-1234-1234'), body: { total: 5 } },
      again: { headers: BATCH, body: [body] },
      other: { headers: BATCH, body: [{ ...body, id: 'A234-1234-1235' }] },
    },
  ],
  several: [{ headers: BATCH, body: [body, { ...body, id: 'A234-1234-1235' }], holds: 2 }],
};
