import type { Examples } from './examples.ts';

const bodyOf = (type: string, updatedAt: string) => ({
  type,
  table: 'orders',
  schema: 'public',
  record: { id: 1, status: 'paid', updated_at: updatedAt },
  old_record: null,
});

export const supabase: Examples = {
  source: 'supabase',
  events: [
    {
      first: { body: bodyOf('UPDATE', '2026-11-25T09:00:00Z') },
      again: { body: bodyOf('UPDATE', '2026-11-25T09:00:00Z') },
      other: { body: bodyOf('UPDATE', '2026-11-25T09:10:00Z') },
    },
  ],
};
