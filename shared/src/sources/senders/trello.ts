import { defineSender } from '../sender.ts';

export const trello = defineSender({
  id: 'trello',
  label: 'Trello',
  docs: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/',
  seen: [
    { 'header:x-trello-webhook': true },
    { 'body:action.id': true, 'body:action.type': true, 'body:model.id': true },
  ],
  rules: [{ key: ['body:action.id'], covers: ['body:action.type'] }],
  needs: 'payload is no action of Trello: it has no action.id.',
  retries: 'Sent again after 30, 60 and 120 seconds.',
  recipe: 'Enter the action’s ID.',
  signatures: [
    {
      ...{ kind: 'hmac', hash: 'sha1', encoding: 'base64' },
      ...{ header: 'x-trello-webhook', signs: '{body}{url}', coversUrl: true },
    },
  ],
});
