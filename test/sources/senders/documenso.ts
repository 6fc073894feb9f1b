import type { Examples } from './examples.ts';

const body = {
  event: 'DOCUMENT_COMPLETED',
  payload: { id: 10, title: 'documenso.pdf', status: 'COMPLETED', updatedAt: '2026-11-25T08:57:59.000Z' },
  createdAt: '2026-11-25T08:58:00.000Z',
  webhookEndpoint: 'https://hooks.example.com/documenso',
};
const headers = { 'X-Documenso-Secret': 'a-secret' };

export const documenso: Examples = {
  source: 'documenso',
  events: [
    {
      first: { headers, body },
      again: { headers, body: { ...body, createdAt: '2026-11-25T09:03:00.000Z' } },
      other: { headers, body: { ...body, payload: { ...body.payload, id: 11 } } },
    },
    {
      first: { body },
      again: { body: { ...body, createdAt: '2026-11-25T09:03:00.000Z' } },
      other: { body: { ...body, event: 'DOCUMENT_SIGNED' } },
    },
  ],
};
