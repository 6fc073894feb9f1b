import { defineSender } from '../sender.ts';
import { bodyHmac } from '../signature.ts';

export const dropbox = defineSender({
  id: 'dropbox',
  label: 'Dropbox',
  docs: 'https://www.dropbox.com/developers/reference/webhooks',
  seen: [{ 'header:x-dropbox-signature': true }, { 'body:list_folder.accounts': true }],
  rules: [
    {
      when: { 'body:list_folder': true },
      none: 'is a ping of Dropbox, which names no event: it is the same for every change of an account. List the changes by the account’s cursor. Enter as key each file’s ID and rev.',
    },
  ],
  needs: 'payload is no ping of Dropbox: it has no list_folder.',
  retries: 'The same ping also means another change.',
  recipe:
    'List the changes by the account’s cursor (list_folder/continue), and enter each file’s ID and Rev.',
  signatures: [bodyHmac('x-dropbox-signature', 'hex')],
});
