import { NOTHING } from '../content.ts';
import { defineSender } from '../sender.ts';

/** All other senders. The key is made from the content, see `content.ts`. */
export const generic = defineSender({
  id: 'generic',
  label: 'Another sender',
  docs: 'https://www.rfc-editor.org/rfc/rfc8785',
  seen: [{}],
  rules: [],
  needs: NOTHING,
  retries: 'Not known: whatever differs in the content makes another event.',
  recipe: 'Enter the ID of the event, or choose the fields that tell one event from another.',
});
