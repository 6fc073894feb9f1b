import type { Examples } from './examples.ts';

const body = {
  list_folder: { accounts: ['dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc'] },
  delta: { users: [12_345_678] },
};

export const dropbox: Examples = {
  source: 'dropbox',
  events: [],
  refused: [
    { headers: { 'X-Dropbox-Signature': '00' }, body, says: 'List the changes by the account’s cursor' },
    { body, says: 'List the changes by the account’s cursor' },
  ],
};
