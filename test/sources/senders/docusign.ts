import type { Examples } from './examples.ts';

const bodyOf = (event: string, retryCount: number) => ({
  event,
  apiVersion: 'v2.1',
  uri: '/restapi/v2.1/accounts/fe0b61a3/envelopes/2db5e3a7',
  retryCount,
  configurationId: 10_000_123,
  generatedDateTime: '2026-11-25T09:00:00.0000000Z',
  data: { accountId: 'fe0b61a3', userId: '7ee5', envelopeId: '2db5e3a7' },
});

export const docusign: Examples = {
  source: 'docusign',
  events: [
    {
      first: { body: bodyOf('envelope-sent', 0) },
      again: { body: bodyOf('envelope-sent', 1) },
      other: { body: bodyOf('envelope-completed', 0) },
    },
  ],
};
