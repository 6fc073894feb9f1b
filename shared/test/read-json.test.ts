import { readJson } from '../src/json.ts';

test.each([
  ['{"invoice":"INV-1"}', { invoice: 'INV-1' }],
  [' {"a":[1,2.5]} ', { a: [1, 2.5] }],
  // It would come back as 9007199254740992.
  ['{"id":9007199254740993}', '{"id":9007199254740993}'],
  ['{not json', '{not json'],
  ['[1]', '[1]'],
  ['sent', 'sent'],
  [{ already: 'read' }, { already: 'read' }],
  [undefined, undefined],
])('reads %j', (given, read) => {
  expect(readJson(given)).toEqual(read);
});
