import type { Examples } from './examples.ts';

const opened = { event: 'open', _id: 'exampleaaaaaaaaaaaaaaaaaaaaaaaaa', ts: 1_764_060_000, ip: '127.0.0.1' };
const inbound = {
  event: 'inbound',
  ts: 1_764_060_000,
  msg: { headers: { 'Message-Id': '<a@example.com>' } },
};
const rejected = { type: 'blacklist', action: 'add', ts: 1_764_060_000, reject: { email: 'a@example.com' } };
const bodyOf = (...events: object[]) => ({
  headers: { 'X-Mandrill-Signature': 'c2lnbmVk', 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ mandrill_events: JSON.stringify(events) }).toString(),
});

export const mandrill: Examples = {
  source: 'mandrill',
  events: [
    // A mail that is opened twice.
    { first: bodyOf(opened), again: bodyOf(opened), other: bodyOf({ ...opened, ts: 1_764_060_060 }) },
    { first: bodyOf(inbound), again: bodyOf(inbound), other: bodyOf({ ...inbound, ts: 1_764_060_060 }) },
    { first: bodyOf(rejected), again: bodyOf(rejected), other: bodyOf({ ...rejected, action: 'remove' }) },
  ],
  refused: [{ ...bodyOf(), says: 'by which Mandrill checks the address' }],
  several: [{ ...bodyOf(opened, inbound, rejected), holds: 3 }],
};
