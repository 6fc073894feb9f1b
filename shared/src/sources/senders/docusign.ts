import { defineSender } from '../sender.ts';

/** Its events have no id; `configurationId` identifies the subscription. */
export const docusign = defineSender({
  id: 'docusign',
  label: 'DocuSign',
  docs: 'https://developers.docusign.com/platform/webhooks/connect/',
  seen: [{ 'body:event': /^(envelope|recipient)-/, 'body:data.envelopeId': true }],
  rules: [
    {
      key: [
        'body:data.accountId?',
        'body:event',
        'body:data.envelopeId',
        'body:data.recipientId?',
        'body:generatedDateTime | body:data.envelopeSummary.statusChangedDateTime',
      ],
    },
  ],
  needs: 'payload is no event of DocuSign Connect: it lacks event, data.envelopeId or generatedDateTime.',
  retries: 'Sent again for 15 days, with another retryCount.',
  recipe: 'Enter all four of Event, Envelope ID, Recipient ID and Generated Date Time.',
});
