import type { Examples } from './examples.ts';

const log = (id: string) => ({
  log_id: id,
  data: { type: 's', date: '2026-11-25T09:00:00.000Z', log_id: id },
});
const ID = '90020261125090000000000000000000001223372';

export const auth0: Examples = {
  source: 'auth0',
  events: [
    { first: { body: [log(ID)] }, again: { body: [log(ID)] }, other: { body: [log(`${ID}1`)] } },
    // Once the list is split.
    { first: { body: log(ID) }, again: { body: [log(ID)] }, other: { body: log(`${ID}1`) } },
  ],
  several: [{ body: [log(ID), log(`${ID}1`)], holds: 2 }],
};
