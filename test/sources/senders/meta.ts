import type { Examples } from './examples.ts';

const entryOf = (content: object, time = 1_764_060_000) => ({ id: '153125381133', time, ...content });
const bodyOf = (...entry: object[]) => ({ body: { object: 'page', entry } });
const lead = (id: string) => ({
  changes: [{ field: 'leadgen', value: { leadgen_id: id, form_id: '12312312' } }],
});
const sent = (content: object) => ({
  messaging: [
    { sender: { id: 'psid' }, recipient: { id: 'page' }, timestamp: 1_764_060_000_000, ...content },
  ],
});
const comment = (verb: string) => ({
  changes: [{ field: 'feed', value: { item: 'comment', comment_id: '1_2', verb } }],
});

export const meta: Examples = {
  source: 'meta',
  events: [
    {
      first: bodyOf(entryOf(lead('123123123123'))),
      again: bodyOf(entryOf(lead('123123123123'), 1_764_060_060)),
      other: bodyOf(entryOf(lead('123123123124'))),
    },
    {
      first: bodyOf(entryOf(sent({ message: { mid: 'm_AG5', text: 'Yes' } }))),
      again: bodyOf(entryOf(sent({ message: { mid: 'm_AG5', text: 'Yes' } }), 1_764_060_060)),
      other: bodyOf(entryOf(sent({ reaction: { mid: 'm_AG5', action: 'react', emoji: '+1' } }))),
    },
    {
      first: bodyOf(entryOf(sent({ postback: { mid: 'm_MX', payload: 'yes' } }))),
      again: bodyOf(entryOf(sent({ postback: { mid: 'm_MX', payload: 'yes' } }))),
      other: bodyOf(entryOf(sent({ read: { watermark: 1_764_060_000_000 } }))),
    },
    {
      first: bodyOf(entryOf(comment('add'))),
      again: bodyOf(entryOf(comment('add'), 1_764_060_060)),
      other: bodyOf(entryOf(comment('remove'))),
    },
  ],
  several: [{ ...bodyOf(entryOf(lead('1')), entryOf(lead('2'))), holds: 2 }],
};
