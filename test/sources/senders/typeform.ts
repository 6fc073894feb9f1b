import { createHmac } from 'node:crypto';
import { idOf, twenty, type Sender } from './sender.ts';

const SECRET = 'a-webhook-secret';

/** Ten people answer alike. */
const events = twenty((event) => ({
  event_type: 'form_response',
  form_response: {
    form_id: 'lT4Z3j',
    token: idOf('a3a12ec67a1365927098a606107', event, 5),
    landed_at: '2026-11-25T08:50:00Z',
    submitted_at: '2026-11-25T08:58:00Z',
    definition: { id: 'lT4Z3j', title: 'Orders', fields: [{ id: 'DlXFaesGBpoF', type: 'short_text' }] },
    answers: [{ type: 'text', text: 'San Francisco', field: { id: 'DlXFaesGBpoF', type: 'short_text' } }],
  },
}));

/** A retry is the same request. A second webhook of the form has an `event_id` of its own. */
export const typeform: Sender = {
  source: 'typeform',
  events,
  secret: SECRET,
  deliver: (event, attempt) => {
    const id = idOf('LtWXD3crg', event * 2 + (attempt === 2 ? 1 : 0), 4);
    const payload = JSON.stringify({ event_id: id, ...events[event] });
    const signature = createHmac('sha256', SECRET).update(payload).digest('base64');
    return { payload, headers: { 'Typeform-Signature': `sha256=${signature}` } };
  },
};
