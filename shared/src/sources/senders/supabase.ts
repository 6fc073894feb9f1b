import { defineSender } from '../sender.ts';

/** Its events have no id, and it does not resend them. */
export const supabase = defineSender({
  id: 'supabase',
  label: 'Supabase',
  docs: 'https://supabase.com/docs/guides/database/webhooks',
  seen: [
    {
      ...{ 'body:type': /^(INSERT|UPDATE|DELETE)$/, 'body:table': true, 'body:schema': true },
      'body:record | body:old_record': true,
    },
  ],
  rules: [{ key: ['body:schema', 'body:table', 'body:type', 'hash:body:'] }],
  needs: 'payload is no change of a Supabase database: it lacks type, table or schema.',
  retries: 'Not sent again.',
  recipe:
    'Enter the row’s ID and its updated_at. Without updated_at, a row that is deleted and inserted again, the same, counts as one event.',
});
