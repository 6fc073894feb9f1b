import { twenty, type Sender } from './sender.ts';

const events = twenty((event) => ({
  event: event % 2 === 0 ? 'order.created' : 'order.paid',
  order: { id: 1_042 + Math.floor(event / 2), updated_at: '2026-11-25T08:58:00Z', total: 42.5 },
}));

/** A retry has the same content; its writer, another order of members. */
export const generic: Sender = {
  source: 'generic',
  events,
  secret: null,
  deliver: (event, attempt) => {
    const members = Object.entries(events[event] ?? {});
    const payload = JSON.stringify(
      Object.fromEntries(attempt === 1 ? members.reverse() : members),
      null,
      attempt,
    );
    return { payload, headers: { 'content-type': 'application/json', 'x-request-id': String(attempt) } };
  },
};
