import { transportContract } from '../../test/transport-contract.ts';
import { onceOnly, OnceOnlyError } from '../src/index.ts';
import { createHttp } from '../src/http.ts';

transportContract('fetch', (url, apiKey) => createHttp({ url, apiKey }));

test.each([
  [{ url: 'ftp://x', apiKey: 'k' }, 'url'],
  [{ url: 'http://x?a=1', apiKey: 'k' }, 'url'],
  [{ url: 'https://x', apiKey: ' ' }, 'apiKey'],
  [{ url: 'https://x', apiKey: 'a b' }, 'apiKey'],
  [{ store: 'redis://x' }, 'store'],
  [{ store: 'claims.db' }, 'store'],
  [{ store: 'sqlite:a', apiKey: 'k' }, 'store'],
])('%j is refused, and %s named', (options, name) => {
  const open = () => onceOnly(options);
  expect(open).toThrow(OnceOnlyError);
  expect(open).toThrow(new RegExp(`“${name}”`));
});
