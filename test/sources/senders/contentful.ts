import type { Examples } from './examples.ts';

const body = { sys: { id: 'entry1', version: 4, space: { sys: { id: 'sp1' } } } };
const headersOf = (key?: string) => ({
  'X-Contentful-Topic': 'ContentManagement.Entry.publish',
  ...(key === undefined ? {} : { 'X-Contentful-Idempotency-Key': key }),
});

export const contentful: Examples = {
  source: 'contentful',
  events: [
    {
      first: { headers: headersOf('k1'), body },
      again: { headers: headersOf('k1'), body },
      other: { headers: headersOf('k2'), body },
    },
    {
      first: { headers: headersOf(), body },
      again: { headers: headersOf(), body },
      other: { headers: headersOf(), body: { sys: { ...body.sys, version: 5 } } },
    },
  ],
};
