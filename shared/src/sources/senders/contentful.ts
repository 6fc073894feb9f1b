import { defineSender } from '../sender.ts';

/** Its signature covers headers that the user chooses, so it is not checked here. */
export const contentful = defineSender({
  id: 'contentful',
  label: 'Contentful',
  docs: 'https://www.contentful.com/developers/changelog/idempotency-key-headers-for-webhook-requests/',
  seen: [{ 'header:x-contentful-topic': true }],
  rules: [
    { key: ['header:x-contentful-idempotency-key'], covers: ['header:x-contentful-topic', 'body:sys.id'] },
    {
      key: [
        'header:x-contentful-topic',
        'body:sys.space.sys.id?',
        'body:sys.environment.sys.id?',
        'body:sys.id',
        'body:sys.version | body:sys.revision',
      ],
    },
  ],
  needs: 'headers lack X-Contentful-Idempotency-Key, and the body has no sys.id and sys.version.',
  retries: 'Sent again twice.',
  recipe: 'Enter the header X-Contentful-Idempotency-Key.',
});
