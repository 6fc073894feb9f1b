import { isPublic, hookUrlFault } from '../src/hooks/addresses.ts';

const NEVER = [
  ...['0.0.0.0', '0.1.2.3', '10.0.0.1', '100.64.0.1', '100.127.255.255', '127.0.0.1', '127.255.255.254'],
  ...[
    '169.254.169.254',
    '172.16.0.1',
    '172.31.255.255',
    '192.0.0.1',
    '192.0.2.1',
    '192.88.99.1',
    '192.168.0.1',
  ],
  ...['198.18.0.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '239.255.255.255', '240.0.0.1'],
  ...['255.255.255.255', '::', '::1', '::127.0.0.1', '::ffff:127.0.0.1', '::ffff:7f00:1', '::ffff:8.8.8.8'],
  ...['::ffff:0:127.0.0.1', '64:ff9b::127.0.0.1', '64:ff9b::a9fe:a9fe', '64:ff9b:1::1', '100::1'],
  ...['2001::1', '2001:2::1', '2001:10::1', '2001:db8::1', '2002:7f00:1::', '2002:a9fe:a9fe::', '3fff::1'],
  // What clouds keep for their own machines: Azure, Oracle, Alibaba.
  ...['168.63.129.16', '192.0.0.192', '100.100.100.200'],
  ...['5f00::1', 'fc00::1', 'fd00:ec2::254', 'fe80::1', 'fec0::1', 'ff02::1', '4000::1'],
];
const INTERNET = [
  '1.1.1.1',
  '8.8.8.8',
  '100.63.255.255',
  '172.32.0.1',
  '168.63.129.17',
  '2606:4700:4700::1111',
  '2a00:1450::1',
];

test.each(NEVER)('%s is not of the internet', (address) => {
  expect(isPublic(address)).toBe(false);
});

test('others are, and names are no addresses', () => {
  expect(INTERNET.filter((address) => isPublic(address) !== true)).toEqual([]);
  expect(['example.org', '', '1.1.1.1.example.org'].map(isPublic)).toEqual([null, null, null]);
});

const HIDDEN = [
  ...[
    '127.0.0.1',
    '2130706433',
    '017700000001',
    '0177.0.0.1',
    '0x7f000001',
    '0x7f.1',
    '127.1',
    '0',
    '①②⑦.0.0.1',
  ],
  ...[
    '127.0.0.1.',
    '168.63.129.16',
    '0xa83f8110',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    '[0:0:0:0:0:0:0:1]',
    '[64:ff9b::7f00:1]',
  ],
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'api.localhost',
    '%6cocalhost',
    '169.254.169.254',
    '[fd00:ec2::254]',
  ],
];

test.each(HIDDEN)('no hook leads to http://%s/', (host) => {
  expect(hookUrlFault(`http://${host}/x`, { privateAddresses: false })).toMatch(/private network/);
  expect(hookUrlFault(`http://${host}:8787/`, { privateAddresses: false })).toMatch(/private network/);
  expect(hookUrlFault(`http://${host}/x`, { privateAddresses: true })).toBeNull();
});

test.each(['http://example.org@127.0.0.1/', 'http://127.0.0.1@example.org/', 'http://:p@example.org/'])(
  'no hook has credentials: %s',
  (url) => {
    expect(hookUrlFault(url, { privateAddresses: true })).toMatch(/user name/);
  },
);

test('hooks lead anywhere on the internet', () => {
  for (const url of ['https://example.org/a?b=c', 'http://8.8.8.8:8080/', 'https://[2606:4700:4700::1111]/'])
    expect(hookUrlFault(url, { privateAddresses: false })).toBeNull();
});
