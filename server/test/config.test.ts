import { ConfigError, misspeltSettings, readConfig, SETTINGS } from '../src/config.ts';

test('an empty environment gives the defaults', () => {
  expect(readConfig({ ONCEONLY_PORT: '' })).toEqual({
    ...{ host: '127.0.0.1', port: 8_787, store: 'sqlite:./data/claims.db' },
    ...{ logLevel: 'info', rateLimitPerMinute: 60_000, eventDays: 30 },
    ...{ hookPrivateAddresses: false, trustedProxies: [], metrics: 'operator' },
  });
});

test('every default is allowed, and every setting explained', () => {
  for (const setting of Object.values(SETTINGS)) {
    expect(setting.parse(setting.default)).toBeDefined();
    expect(setting.name).toMatch(/^ONCEONLY_[A-Z_]+$/);
    expect(setting.help).toMatch(/\.$/);
  }
});

test('a variable that is no setting is named, since the server would use a default in its place', () => {
  const env = {
    ONCEONLY_STOER: 'sqlite:x',
    ONCEONLY_STORE: 'sqlite:y',
    ONCEONLY_URL: 'http://x',
    PATH: '/bin',
  };
  expect(misspeltSettings(env)).toEqual([
    'ONCEONLY_STOER is no setting of the server, and has no effect. “onceonly-server start --help” lists all.',
  ]);
});

test.each([
  [
    { ONCEONLY_PORT: '70000' },
    'ONCEONLY_PORT is “70000”, but it must be a whole number from 0 to 65535 (0 takes any free port).',
  ],
  [
    { ONCEONLY_PORT: '80a' },
    'ONCEONLY_PORT is “80a”, but it must be a whole number from 0 to 65535 (0 takes any free port).',
  ],
  [{ ONCEONLY_HOST: 'a b' }, 'ONCEONLY_HOST is “a b”, but it must be a host name or an IP address.'],
  [
    { ONCEONLY_STORE: 'mysql:x' },
    'ONCEONLY_STORE is “mysql:x”, but it must be sqlite: and the path of a file, or the postgres://, redis:// or rediss:// URL of a database.',
  ],
  [
    { ONCEONLY_STORE: 'sqlite:' },
    'ONCEONLY_STORE is “sqlite:”, but it must be sqlite: and the path of a file, or the postgres://, redis:// or rediss:// URL of a database.',
  ],
  [
    { ONCEONLY_LOG_LEVEL: 'loud' },
    'ONCEONLY_LOG_LEVEL is “loud”, but it must be one of silent, fatal, error, warn, info, debug, trace.',
  ],
  [
    { ONCEONLY_RATE_LIMIT: '-1' },
    'ONCEONLY_RATE_LIMIT is “-1”, but it must be a whole number from 0 to 10000000.',
  ],
  [
    { ONCEONLY_EVENT_DAYS: '00' },
    'ONCEONLY_EVENT_DAYS is “00”, but it must be a whole number from 1 to 400.',
  ],
  [
    { ONCEONLY_HOOK_PRIVATE_ADDRESSES: 'yes' },
    'ONCEONLY_HOOK_PRIVATE_ADDRESSES is “yes”, but it must be refuse or allow.',
  ],
  [
    { ONCEONLY_TRUSTED_PROXIES: '10.0.0.0/8, caddy' },
    'ONCEONLY_TRUSTED_PROXIES is “10.0.0.0/8, caddy”, but it must be none, or IP addresses and networks such as 10.0.0.0/8, with commas between them.',
  ],
  [
    { ONCEONLY_TRUSTED_PROXIES: '0.0.0.0/0' },
    'ONCEONLY_TRUSTED_PROXIES is “0.0.0.0/0”, but it must be none, or IP addresses and networks such as 10.0.0.0/8, with commas between them.',
  ],
  [{ ONCEONLY_METRICS: 'on' }, 'ONCEONLY_METRICS is “on”, but it must be one of operator, open, off.'],
])('%j is refused in a sentence', (env, message) => {
  expect(() => readConfig(env)).toThrow(new ConfigError(message));
});

test('proxies are addresses and networks', () => {
  const read = (text: string) => readConfig({ ONCEONLY_TRUSTED_PROXIES: text }).trustedProxies;
  expect(read('127.0.0.1, 10.0.0.0/8,fd00::/8')).toEqual(['127.0.0.1', '10.0.0.0/8', 'fd00::/8']);
  expect(read('none')).toEqual([]);
});
