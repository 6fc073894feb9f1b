/* Requests that cannot be right, whatever chance makes of them. */

export type Random = () => number;

/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export function randomOf(seed: number): Random {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export interface Hostile {
  readonly why: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body?: string | Buffer;
}

/** JSON texts, so that what JSON.stringify would not write can be sent. */
type Text = string;

export function hostileRequest(random: Random, apiKey: string): Hostile {
  const below = (max: number): number => Math.floor(random() * max);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T;
  const nested = (depth: number): Text =>
    pick(['['.repeat(depth) + ']'.repeat(depth), `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`]);

  const garbage = (): Text =>
    pick<() => Text>([
      () => String(below(1e9)),
      () => pick(['1e999', '-1e999', '0.1', '-0', '99999999999999999999999', '1e-400']),
      () => pick(['true', 'false']),
      () => nested(1 + below(2_000)),
      () => '{"__proto__":{"toString":1},"constructor":null}',
      () => '[null,{"key":"k"}]',
    ])();
  const badText = (max: number): Text =>
    pick<() => Text>([
      () => '""',
      () => `"${pick(['x', 'é', '😀', '\\u0001'])}${'y'.repeat(max + below(5_000))}"`,
      () => '"a\\u0000b"',
      () => pick(['"\\ud800"', '"x\\udfff"', '"\\udc00\\ud800"']),
      garbage,
    ])();
  const badInteger = (): Text =>
    pick<() => Text>([
      () => pick(['0', '-1', '2.5', '1e999', '9007199254740993', '"60"', '" "', '[]', '{}', 'true']),
      () => nested(1 + below(500)),
    ])();
  const extras = (): Text =>
    pick([
      '',
      ',"x":null',
      ',"__proto__":{"key":"k"}',
      ',"constructor":{"prototype":{}}',
      `,"z":${nested(200)}`,
    ]);

  const json = (
    path: string,
    why: string,
    body: Text | Buffer,
    headers: Record<string, string> = {},
  ): Hostile => ({
    ...{ why: `${why} at ${path}`, method: 'POST', path, body },
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
  });
  const finish = (): string => `/v1/ai/${pick(['complete', 'fail', 'extend', 'cancel'])}`;
  const claimPath = (): string => pick(['/v1/ai/lease', '/v1/check-lock']);
  const anyPath = (): string => pick([claimPath(), finish(), '/v1/ai/lease/batch', '/v1/ai/complete/batch']);
  const known = (): string => pick(['done', 'failed', 'held', 'lock', 'none']);

  const makers: readonly (() => Hostile)[] = [
    () => json(claimPath(), 'bad key', `{"key":${badText(257)}${extras()}}`),
    () => json(claimPath(), 'no key', `{"ttl":60${extras()}}`),
    () => json(claimPath(), 'bad ttl', `{"key":"hostile","ttl":${badInteger()}${extras()}}`),
    () =>
      json(
        claimPath(),
        'bad metadata',
        `{"key":"hostile","metadata":${pick(['"x"', '5', '[]', 'true', `{"a":"${'m'.repeat(2_050)}"}`])}}`,
      ),
    () => json(claimPath(), 'holder is key', '{"key":"hostile","holder":"hostile"}'),
    () =>
      json(
        '/v1/ai/lease',
        'bad name',
        `{"key":"hostile","${pick(['holder', 'run', 'fingerprint'])}":${badText(129)}${extras()}}`,
      ),
    () =>
      json(
        '/v1/ai/lease',
        'bad number',
        `{"key":"hostile","${pick(['max_attempts', 'retention'])}":${badInteger()}}`,
      ),
    () =>
      json(
        '/v1/ai/lease',
        'bad wait',
        `{"key":"hostile","holder":"h2","wait":${pick(['-1', '26', '"5"', '[]', '1e999'])}}`,
      ),
    () =>
      json(
        '/v1/ai/lease',
        'bad choice',
        `{"key":"hostile","on_expired":${pick(['"x"', '1', '[]', '"RETRY"', '{}'])}}`,
      ),
    () => json(finish(), 'bad key', `{"key":${badText(257)},"lease_id":"l","error_code":"e"${extras()}}`),
    () => json(finish(), 'bad lease', `{"key":"${known()}","lease_id":${badText(257)},"error_code":"e"}`),
    () =>
      json(
        finish(),
        'unknown lease',
        `{"key":"${known()}","lease_id":"${String(below(1e9))}","error_code":"e","result":{}}`,
      ),
    () =>
      json(
        '/v1/ai/complete',
        'bad result',
        `{"key":"held","lease_id":"l","result":${pick([garbageList(nested, below), '"x"', '5', 'false'])}}`,
      ),
    () =>
      json(
        '/v1/ai/complete',
        'long result',
        `{"key":"held","lease_id":"l","result":{"a":${nested(33_000)}}}`,
      ),
    () => json('/v1/ai/fail', 'bad fail', `{"run":${badText(129)},"error_code":"e"}`),
    () => json('/v1/ai/fail', 'bad error_code', `{"run":"r","error_code":${badText(257)}}`),
    () =>
      json(
        '/v1/ai/fail',
        'bad retryable',
        `{"run":"r","error_code":"e","retryable":${pick(['"yes"', '1', '[]', '{}'])}}`,
      ),
    () =>
      json(
        pick(['/v1/ai/lease/batch', '/v1/ai/complete/batch']),
        'bad items',
        `{"items":${pick(['[]', '{}', '"x"', '5', `[${'{"key":"k"},'.repeat(500)}{}]`])}}`,
      ),
    () =>
      json(
        anyPath(),
        'no object',
        pick([garbageList(nested, below), 'null', '5', '"text"', '1e999', 'true']),
      ),
    () =>
      json(
        anyPath(),
        'deep',
        nested(pick([100, 5_000, 20_000]))
          .replace(/^\{/, '[{')
          .replace(/\}$/, '}]'),
      ),
    () => json(anyPath(), 'unclosed', '['.repeat(1 + below(pick([10, 200_000])))),
    () =>
      json(
        anyPath(),
        'no JSON',
        Buffer.from(Array.from({ length: 1 + below(300) }, () => below(256))).fill(0x7d, 0, 1),
      ),
    () =>
      json(anyPath(), 'cut JSON', '{"key":"hostile","ttl":60,"metadata":{"a":"b"}}'.slice(0, 1 + below(45))),
    () =>
      json(
        anyPath(),
        'HTTP in the body',
        'POST /v1/ai/lease HTTP/1.1\r\nContent-Length: 15\r\n\r\n{"key":"smuggled"}',
      ),
    () => json(anyPath(), 'empty', ''),
    () =>
      json(anyPath(), 'wrong type', '{"key":"hostile"}', {
        'content-type': pick([
          'text/plain',
          'application/xml',
          'application/jsonx',
          'a',
          'application/x-www-form-urlencoded',
        ]),
      }),
    () => json('/v1/ai/lease', 'too large', `{"key":"hostile","x":"${'x'.repeat(262_144 + below(20_000))}"}`),
    () =>
      json(anyPath(), 'no such key', '{"key":"hostile"}', {
        authorization: pick([
          `Bearer once_live_${'B'.repeat(43)}`,
          'Bearer x',
          'Basic eDp5',
          `Bearer ${apiKey}\t`.trim() + 'z',
          '',
        ]),
      }),
    () => json('/v1/keys/resolve', 'not an operator', `{"key":"held","version":1,"outcome":"released"}`),
    () =>
      json(
        `/v1/${pick(['ai/run', 'nowhere', 'ai/lease/', 'AI/lease', 'ai//lease', 'policies/x', '../v1/x'])}`,
        'no route',
        '{"key":"hostile"}',
      ),
    () => ({
      ...json('/v1/ai/lease', 'wrong method', '{"key":"hostile"}'),
      method: pick(['PUT', 'PATCH', 'DELETE', 'GET', 'OPTIONS', 'HEAD']),
    }),
    () => {
      const query = pick([
        '',
        '?key=',
        '?key=a&key=b',
        `?key=${'x'.repeat(257)}`,
        '?key=%00',
        '?KEY=done',
        '?key[]=done',
        `?key=${'%F0%9F%98%80'.repeat(257)}`,
      ]);
      const { headers } = json('', '', '');
      return {
        why: `query ${query.slice(0, 20)}`,
        method: 'GET',
        path: `/v1/ai/${pick(['status', 'result'])}${query}`,
        headers,
      };
    },
    () => {
      const path = pick([
        '/v1/events?limit=0',
        '/v1/events?limit=1e3',
        '/v1/usage?kind=all',
        '/v1/metrics?from_day=2026-13-01',
        '/v1/keys',
        '/v1/metrics?to_day=%00',
        '/%zz',
        '/v1/me%2f',
      ]);
      const { headers } = json('', '', '');
      return { why: `read ${path}`, method: 'GET', path, headers };
    },
  ];
  return pick(makers)();
}

const garbageList = (nested: (depth: number) => Text, below: (max: number) => number): Text =>
  `[${nested(1 + below(1_000))},{"key":"hostile"}]`;
