import {
  acquire,
  claimOf,
  completeOf,
  failOf,
  readRecord,
  TENANT,
  useStore,
  type OpenStore,
  recordOf,
} from './fixture.ts';

const TEXTS = {
  'an escaped NUL': '{"a":"\\u0000"}',
  'a number beyond any double': '{"n":12345678901234567890123456789.000000000000000000010}',
  'white space, as it was': ' {\n\t"a" : [ 1,2 ] } ',
  'a key twice': '{"a":1,"a":2}',
  'all of Unicode': JSON.stringify('ä 漢字 😀 \u2028 \u{10FFFF} e\u0301 \u202E'),
  'deep nesting': '['.repeat(10_000) + ']'.repeat(10_000),
  'the largest result': JSON.stringify('x'.repeat(64 * 1024 - 2)),
  'nothing but null': 'null',
};

const KEYS = [
  "'; DROP TABLE claims; --",
  '%_\\*?[]',
  '😀'.repeat(256),
  'a\nb\tc',
  ' ',
  '__proto__',
  '\u{10FFFF}',
  '${x}{y}',
];

/** Whatever is stored comes back as it was. */
export function values(open: OpenStore): void {
  const fixture = useStore(open);

  it.each(Object.entries(TEXTS))('keeps results verbatim: %s', async (_, result) => {
    const { leaseId } = await acquire(fixture, 'k');
    await fixture.store.claims.complete(completeOf('k', leaseId, { result }));
    expect((await readRecord(fixture, 'k')).result).toBe(result);
    const claimed = await fixture.store.claims.claim(claimOf('k'));
    expect(recordOf(claimed).result).toBe(result);
  });

  it('takes any key, holder, run and reason as data', async () => {
    for (const key of KEYS) {
      const fields = { holder: key, run: key, fingerprint: key, metadata: JSON.stringify({ [key]: key }) };
      const record = await acquire(fixture, key, fields);
      expect(record).toMatchObject(fields);
      expect(await readRecord(fixture, key)).toEqual(record);
      await fixture.store.claims.fail(failOf(key, record.leaseId, { errorCode: key }));
      expect(await readRecord(fixture, key)).toMatchObject({ errorCode: key });
    }
    const { items } = await fixture.store.claims.list({
      tenant: TENANT,
      prefix: '',
      status: null,
      limit: 100,
      cursor: null,
    });
    expect(new Set(items.map(({ key }) => key))).toEqual(new Set(KEYS));
  });

  it('tells keys apart that look alike', async () => {
    for (const key of ['a', 'A', 'a ', ' a', 'e\u0301', '\u00e9', '1', '01', '1.0'])
      await acquire(fixture, key);
  });

  it('takes any tenant name as data', async () => {
    for (const tenant of KEYS) await acquire(fixture, 'k', { tenant });
  });
}
