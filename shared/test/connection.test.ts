import { connectionLabel, readApiKey, readBaseUrl } from '../src/connection.ts';

test.each([
  [undefined, 'https://api.onceonly.tech'],
  ['', 'https://api.onceonly.tech'],
  ['https://api.onceonly.tech/v1', 'https://api.onceonly.tech'],
  ['https://api.onceonly.tech/v1/', 'https://api.onceonly.tech'],
  [' https://claims.example.org/once/ ', 'https://claims.example.org/once'],
  ['http://127.0.0.1:8787', 'http://127.0.0.1:8787'],
  ['http://localhost:8787/v1', 'http://localhost:8787'],
])('reads %j as %s', (entered, url) => {
  expect(readBaseUrl(entered)).toEqual({ url });
});

test.each([
  'http://claims.example.org',
  'ftp://x',
  'claims',
  'https://user:pass@x.org',
  'https://x.org/?a=1',
])('refuses %s with a sentence that names the field', (entered) => {
  expect(readBaseUrl(entered)).toEqual({ problem: expect.stringMatching(/^Base URL: .{20}/) });
});

test('takes plain http where it is allowed', () => {
  expect(readBaseUrl('http://claims.internal', { http: true })).toEqual({ url: 'http://claims.internal' });
});

test.each([
  [{ tenant: 'acme', plan: 'self-hosted' }, 'acme (claims.example.org)'],
  [{ plan: 'free' }, 'free (claims.example.org)'],
  [{ tenant: 'acme', derivation_known: true }, 'acme (claims.example.org)'],
  [
    { tenant: 'acme', derivation_known: false },
    'acme (claims.example.org), which makes other keys of webhooks than this app: update the server',
  ],
  ['<html>', 'claims.example.org'],
])('names the account of %j', (me, label) => {
  expect(connectionLabel(me, 'https://claims.example.org')).toBe(label);
});

test('reads an API key without the space around it', () => {
  expect(readApiKey(' once_live_abc\n')).toEqual({ apiKey: 'once_live_abc' });
});

test.each([undefined, '', 'once live', 'ключ'])('refuses the API key %j without repeating it', (entered) => {
  expect(readApiKey(entered)).toEqual({ problem: expect.stringMatching(/^API Key: it is empty, or holds/) });
});
