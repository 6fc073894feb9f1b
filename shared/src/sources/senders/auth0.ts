import { defineSender } from '../sender.ts';

export const auth0 = defineSender({
  id: 'auth0',
  label: 'Auth0',
  docs: 'https://auth0.com/docs/customize/log-streams/custom-log-streams',
  seen: [
    { 'body:0.log_id': true, 'body:0.data.type': true },
    { 'body:log_id': true, 'body:data.type': true },
  ],
  rules: [{ each: [{ of: 'body:[]', key: ['item:log_id'], covers: ['item:data.type'] }] }],
  needs: 'payload holds no logs of Auth0: each has a log_id.',
  retries: 'Sent again until it is accepted; logs may be grouped anew.',
  recipe: 'Split the list, and enter each one’s Log ID.',
});
