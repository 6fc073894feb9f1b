import type { Examples } from './examples.ts';

const bodyOf = (eventId: string, responseId: string) => ({
  eventId,
  eventType: 'FORM_RESPONSE',
  createdAt: '2026-11-25T09:00:00.000Z',
  data: { responseId, formId: 'VwbNEw', fields: [{ key: 'q1', value: 'Yes' }] },
});

export const tally: Examples = {
  source: 'tally',
  events: [
    {
      first: { body: bodyOf('a4cb511e-d513-4fa5-baee-b815d718dfd1', '2wgx4n') },
      again: { body: bodyOf('a4cb511e-d513-4fa5-baee-b815d718dfd1', '2wgx4n') },
      other: { body: bodyOf('a4cb511e-d513-4fa5-baee-b815d718dfd2', '2wgx4m') },
    },
  ],
};
