import type { Examples } from './examples.ts';

const body = {
  webhook_type: 'TRANSACTIONS',
  webhook_code: 'SYNC_UPDATES_AVAILABLE',
  item_id: 'wz666MBjYWTp2PDzzggYhM6oWWmBb',
  initial_update_complete: true,
  historical_update_complete: false,
  environment: 'production',
};

export const plaid: Examples = {
  source: 'plaid',
  events: [],
  refused: [{ headers: { 'Plaid-Verification': 'ey' }, body, says: 'transactions/sync' }],
};
