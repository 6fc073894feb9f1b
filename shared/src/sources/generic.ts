import { NOTHING } from './content.ts';
import { defineSource } from './source.ts';

/** Whoever else sends: its content makes the key (see `content.ts`). */
export const generic = defineSource({
  id: 'generic',
  label: 'Another sender',
  docs: 'https://www.rfc-editor.org/rfc/rfc8785',
  needs: NOTHING,
  looksLike: () => true,
  events: () => [],
});
