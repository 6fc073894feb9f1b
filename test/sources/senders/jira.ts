import type { Examples } from './examples.ts';

const headersOf = (identifier: string, retry?: string) => ({
  'X-Atlassian-Webhook-Identifier': identifier,
  ...(retry === undefined ? {} : { 'X-Atlassian-Webhook-Retry': retry }),
});
const bodyOf = (site: string, timestamp = 1_764_060_000_000) => ({
  timestamp,
  webhookEvent: 'jira:issue_updated',
  issue: { id: '99291', self: `https://${site}.atlassian.net/rest/api/2/issue/99291`, key: 'JRA-20002' },
  changelog: { id: '10124' },
});

export const jira: Examples = {
  source: 'jira',
  events: [
    {
      first: { headers: headersOf('w1'), body: bodyOf('acme') },
      again: { headers: headersOf('w1', '1'), body: bodyOf('acme') },
      // The identifier is unique within a site only.
      other: { headers: headersOf('w1'), body: bodyOf('example') },
    },
    {
      first: { body: bodyOf('acme') },
      again: { body: bodyOf('acme') },
      other: { body: bodyOf('acme', 1_764_060_001_000) },
    },
  ],
};
