import { openZapier, type Connected } from '../platforms/zapier.ts';
import { openProxy, type Proxy } from './proxy.ts';
import { useZapier } from './setting.ts';

const setting = useZapier();
let proxy: Proxy;

beforeEach(async () => {
  proxy = await openProxy(setting.world.baseUrl);
});
afterEach(() => proxy.close());

const connect = async (given: { readonly baseUrl?: string; readonly apiKey?: string }): Promise<Connected> =>
  (await openZapier({ ...setting.world, ...given }, setting.process)).connect();

test('a connection is named after its account and host', async () => {
  const { host } = new URL(setting.world.baseUrl);
  expect(await setting.zapier.connect()).toMatchObject({
    account: { tenant: 'acme' },
    label: `acme (${host})`,
  });
});

test('the base URL may end in /v1 or a slash', async () => {
  expect(await connect({ baseUrl: `${setting.world.baseUrl}/v1/` })).toHaveProperty('label');
});

test.each([
  ['http://example.com', /^Base URL: it must start with https/],
  ['once_live_secret', /^Base URL: this is an API key\. (?!.*secret)/],
  ['not an address', /^Base URL: “not an address” is not an address/],
  ['https://user:secret@example.com', /^Base URL: it must not hold a user name/],
])('the base URL %s is refused by name', async (baseUrl, message) => {
  expect(await connect({ baseUrl })).toMatchObject({
    error: { name: 'AppError', message: expect.stringMatching(message) },
  });
});

test.each(['once_live_ü', 'once_live_a b', 'once_live_a\nb', ' '])(
  'the API key %j is refused by name',
  async (apiKey) => {
    const refused = await connect({ apiKey });
    expect(refused).toMatchObject({
      error: { name: 'AppError', message: expect.stringMatching(/^API Key: /) },
    });
    expect(JSON.stringify(refused)).not.toContain('once_live_');
  },
);

test('a key that the service does not know is a sentence that says what to do', async () => {
  expect(await connect({ apiKey: 'once_live_unknown' })).toEqual({
    error: {
      name: 'AppError',
      message:
        'OnceOnly does not accept the API key. Reconnect with a valid API key, and check that it belongs to this Base URL.',
      code: 'unauthorized',
      status: expect.any(Number),
    },
  });
});

test('a key without the right says so', async () => {
  proxy.answer(403, {}, '{"detail":{"error":"feature_not_available"}}');
  expect(await connect({ baseUrl: proxy.baseUrl })).toMatchObject({
    error: { name: 'AppError', code: 'forbidden', status: 403 },
  });
});

test.each([
  ['a web page', 200, 'unexpected_answer', /not OnceOnly/],
  ['a firewall’s refusal', 403, 'unexpected_answer', /not OnceOnly/],
  ['a bad gateway', 502, 'server_error', /not available right now/],
])('%s at the base URL is a sentence', async (_, status, code, message) => {
  proxy.answer(status, { 'content-type': 'text/html' }, '<h1>Hello</h1>');
  expect(await connect({ baseUrl: proxy.baseUrl })).toMatchObject({
    error: { name: 'AppError', code, message: expect.stringMatching(message) },
  });
});

test('an address that leads on to another is a sentence that names it', async () => {
  proxy.answer(301, { location: 'https://www.example.com/v1/me' }, '');
  expect(await connect({ baseUrl: proxy.baseUrl })).toMatchObject({
    error: {
      message: expect.stringContaining('but not OnceOnly. It leads on to https://www.example.com. Check'),
    },
  });
});

test('what answers with ok but says nothing of an account is not OnceOnly', async () => {
  proxy.answer(200, {}, '{"status":"ok"}');
  expect(await connect({ baseUrl: proxy.baseUrl })).toMatchObject({
    error: { name: 'AppError', code: 'unexpected_answer', message: expect.stringContaining('not OnceOnly') },
  });
});

test.each([
  ['nonsense', 'line 1 must look like “sender: secret”'],
  ['stripe: whsec_1\ngithb: s', 'line 2 must begin with a sender whose signature can be checked'],
  ['stripe: a\nstripe:stripe: whsec_1', 'line 2 holds a second sender or secret'],
  ['stripe:stripe:whsec_1', 'line 1 holds a second sender or secret'],
  ['stripe: whsec_1 githb: x', 'line 1 holds a second sender or secret'],
  ['stripe: whsec_0, whsec_1', 'line 1 holds a second sender or secret'],
  ['stripe: whsec_0\\ngithub:whsec_1', 'line 1 holds a second sender or secret'],
  ['stripe: "whsec_1', 'line 1 has a quotation mark that is not closed'],
  ['stripe: ""', 'line 1 must look like “sender: secret”'],
  ['["stripe: a", 7]', 'line 2 must look like “sender: secret”'],
  [{ stripe: { whsec_1: 1 } }, 'line 1 must look like “sender: secret”'],
  [7, 'line 1 must look like “sender: secret”'],
])(
  'signing secrets that cannot be read are refused by their line, and not repeated: %j',
  async (entered, what) => {
    const { process, world } = setting;
    const authData = { apiKey: world.apiKey, baseUrl: world.baseUrl, signingSecrets: entered };
    const answer = await process.send({
      command: 'execute',
      method: 'authentication.test',
      bundle: { authData },
    });
    expect(JSON.stringify(answer)).toContain(`Signing Secrets: ${what}`);
    expect(JSON.stringify(answer)).not.toContain('whsec_1');
  },
);

test('a base URL that is a number is refused by name', async () => {
  expect(await connect({ baseUrl: 8787 as unknown as string })).toMatchObject({
    error: { name: 'AppError', message: expect.stringMatching(/^Base URL: “8787” is not an address/) },
  });
});

test('Zapier’s own requests carry the key to the connection’s address, and to no other', async () => {
  const { process, world } = setting;
  const other = await openProxy(world.baseUrl);
  const ask = (url: string) =>
    process.send({
      command: 'request',
      bundle: {
        authData: { apiKey: world.apiKey, baseUrl: world.baseUrl },
        request: { method: 'GET', url, skipThrowForStatus: true },
      },
    });
  expect(await ask(`${world.baseUrl}/v1/me`)).toMatchObject({ results: { status: 200 } });
  expect(await ask(`${other.baseUrl}/v1/me`)).toMatchObject({ results: { status: 401 } });
  await other.close();
});

test('nobody at the base URL is a sentence', async () => {
  await proxy.close();
  expect(await connect({ baseUrl: proxy.baseUrl })).toMatchObject({
    error: { name: 'AppError', code: 'no_answer' },
  });
});
