import { warningOf } from '../../src/sources/warning.ts';

test.each([
  [[], null],
  [['attempt'], 'It includes “attempt”: if a resend changes it, name it under Fields to Leave Out'],
  [
    ['attempt', 'meta.sent_at', 'time'],
    'It includes “attempt”, “meta.sent_at” and “time”: if a resend changes them, name them under Fields to Leave Out',
  ],
  [
    ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
    'It includes “a”, “b”, “c”, “d”, “e” and 2 more: if a resend changes them, name them under Fields to Leave Out',
  ],
])('of %j it is said: %s', (paths, said) => {
  expect(warningOf(paths)).toBe(said);
});
