import { readConfig } from '../src/config.ts';
import { StoreUnavailable } from '../src/claims/claim-store.ts';
import { openStore } from '../src/store/open.ts';
import { withoutPassword } from '../src/store/store.ts';

test.each([
  ['postgres://me:secret@h/db', 'postgres://me:***@h/db'],
  ['postgresql://me:sec/ret@h/db', 'postgresql://me:***@h/db'],
  ['postgres://me:se@cret@h/db', 'postgres://me:***@h/db'],
  ['postgres://me@h/db?password=secret&sslmode=require', 'postgres://me@h/db?password=***&sslmode=require'],
  ['redis://:secret@h:6379/0?prefix=p', 'redis://:***@h:6379/0?prefix=p'],
  ['rediss://me:secret@h', 'rediss://me:***@h'],
  ['redis:me:secret@h', 'redis:me:***@h'],
  ['postgres://me@h/db', 'postgres://me@h/db'],
  ['sqlite:./data/claims.db', 'sqlite:./data/claims.db'],
  ['sqlite:C:\\data\\claims.db', 'sqlite:C:\\data\\claims.db'],
])('%s is shown as %s', (url, shown) => {
  expect(withoutPassword(url)).toBe(shown);
});

/** Addresses that cannot be used: of no store, in no shape, or of nothing that listens. */
const UNUSABLE = [
  'mysql://me:secret@h/db',
  'redis:me:secret@h',
  'rediss:me:secret@h',
  'redis://me:secret@h/0/0',
  'redis://me:100%secret@h',
  'redis://me:secret@127.0.0.1:1',
  'rediss://me:secret@127.0.0.1:1',
  'postgres:me:secret@127.0.0.1:1',
  'postgres://me:secret@127.0.0.1:1/db',
  'postgres://me:secret@127.0.0.1:port/db',
  'postgres://me:100%secret@127.0.0.1:1/db',
];

test.each(UNUSABLE)('%s is refused when it is opened, in a sentence without the password', async (url) => {
  const reason: unknown = await openStore(url, { clock: Date.now }).catch((error: unknown) => error);
  expect(reason).toBeInstanceOf(StoreUnavailable);
  expect(String(reason)).toMatch(/^StoreUnavailable: [A-Z](?!.*secret)/);
});

test.each(['mysql://me:secret@h', 'redis:me:secret@h', 'rediss:/me:secret@h', 'postgres:me:secret@h'])(
  '%s as ONCEONLY_STORE is an error without the password',
  (url) => {
    expect(() => readConfig({ ONCEONLY_STORE: url })).toThrow(
      /^ONCEONLY_STORE is “\w+:\/*me:\*{3}@h”, but it must be /,
    );
  },
);
