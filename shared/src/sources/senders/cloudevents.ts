import { defineSender } from '../sender.ts';

/** By the specification, only the pair of source and id is unique, not the id alone. */
export const cloudevents = defineSender({
  id: 'cloudevents',
  label: 'CloudEvents',
  docs: 'https://github.com/cloudevents/spec/blob/main/cloudevents/spec.md#id',
  seen: [
    { 'header:ce-id': true, 'header:ce-source': true },
    { 'body:specversion': true, 'body:source': true, 'body:id': true },
    { 'body:0.specversion': true, 'body:0.source': true, 'body:0.id': true },
  ],
  rules: [
    { when: { 'header:ce-id': true }, key: ['header:ce-source', 'header:ce-id'] },
    { each: [{ of: 'body:[]', when: { 'item:specversion': true }, key: ['item:source', 'item:id'] }] },
  ],
  needs: 'payload is no CloudEvent: it lacks source or id, as headers lack ce-source or ce-id.',
  retries: 'Sent again with the same source and id; what else the transport adds may be new.',
  recipe: 'Enter source and id of the event, in binary mode the headers ce-source and ce-id.',
});
