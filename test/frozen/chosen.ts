import type { JsonObject } from '@onceonly/shared';
import { COMMON } from './derive.ts';

const order = { event: 'order.paid', attempt: 1, order: { id: 1_042, total: 42.5, tags: ['a', 'ä'] } };
const checkout = { object: 'event', type: 'checkout.session.completed', data: { object: { id: 'cs_1' } } };
const BOUNDARY = 'X-BOUNDARY';
const multipart = [
  `--${BOUNDARY}`,
  'Content-Disposition: form-data; name="id"',
  '',
  '1042',
  `--${BOUNDARY}--`,
  '',
];

/** Keys made of content in each way that there is, and by a sender that is chosen. */
export const CHOSEN: readonly JsonObject[] = [
  { source: 'generic', payload: order },
  { source: 'generic', payload: order, fields: ['order.id'] },
  { source: 'generic', payload: order, fields: ['event', 'order.tags'] },
  { source: 'generic', payload: order, leave_out: ['attempt'] },
  { payload: order, leave_out: ['attempt', 'order.total'] },
  { payload: '{"id":90071992547409931,"rate":1.10}' },
  { payload: '\uFEFF{"id":1}' },
  { payload: 'id=1042&name=Ada+Lovelace&tag=a&tag=b' },
  {
    payload: multipart.join('\r\n'),
    headers: { 'Content-Type': `multipart/form-data; boundary=${BOUNDARY}` },
  },
  { payload: '<order id="1042"/>' },
  { source: 'stripe_object', payload: { ...checkout, id: 'evt_1' } },
  { source: 'stripe_object', payload: { ...checkout, id: 'evt_2' } },
  { source: 'stripe', payload: { id: `evt_${'0'.repeat(600)}`, object: 'event', type: 'invoice.paid' } },
].map((given) => ({ ...COMMON, ...given }));
