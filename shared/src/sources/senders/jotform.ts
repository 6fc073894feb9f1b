import { defineSender } from '../sender.ts';

/** It sends only new submissions. */
export const jotform = defineSender({
  id: 'jotform',
  label: 'Jotform',
  docs: 'https://www.jotform.com/help/245-how-to-setup-a-webhook-with-jotform/',
  seen: [{ 'body:submissionID': true, 'body:formID': true, 'body:rawRequest': true }],
  rules: [{ key: ['body:submissionID'], covers: ['body:formID'] }],
  needs: 'payload is no submission of Jotform: it has no submissionID.',
  retries: 'Its documents do not say; an address that is entered twice gets each submission twice.',
  recipe: 'Enter Submission ID.',
});
