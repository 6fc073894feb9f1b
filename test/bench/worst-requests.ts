import { LIMITS } from '@onceonly/shared/limits.ts';

export interface WorstRequest {
  readonly name: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly body?: string;
}

const BATCHES = ['/v1/ai/lease/batch', '/v1/ai/complete/batch'];
const MAKE = ['claimKey', 'completeKey', 'failKey', 'extendClaim', 'releaseKey', 'lockKey'].map(
  (operation) => `/v1/make/${operation}`,
);
const SINGLES = [
  ...['/v1/check-lock', '/v1/ai/lease', '/v1/ai/complete', '/v1/ai/fail', '/v1/ai/extend', '/v1/ai/cancel'],
  ...['/v1/keys/derive', '/v1/keys/resolve', '/v1/groups/clear-mark', '/v1/hooks', '/v1/session'],
  ...['/v1/make/event', ...MAKE],
];
const LISTS = [
  '/v1/keys',
  '/v1/events',
  '/v1/metrics',
  '/v1/metrics/jobs',
  '/v1/hooks',
  '/v1/hooks/deliveries',
];
const ASKED = [
  ...LISTS,
  ...['/healthz', '/readyz', '/v1/ai/status', '/v1/ai/result', '/v1/me', '/v1/usage', '/v1/usage/all'],
  '/v1/make/getKey',
];
/** Of an address with its query: Node refuses a request whose head is longer than 16 KB. */
const HEAD_BYTES = 15_000;
const DERIVING = ['/v1/keys/derive', '/v1/ai/lease', '/v1/check-lock'];

/** As many of a text as fit into so many bytes, with commas between them. */
const many = (text: string, bytes: number): string =>
  Array.from({ length: Math.floor(bytes / (text.length + 1)) }, () => text).join(',');
const members = (bytes: number): string => {
  const all: string[] = [];
  for (let n = 0, left = bytes; left > 20; n += 1) {
    const member = `"m${String(n)}":${String(n)}`;
    all.push(member);
    left -= member.length + 1;
  }
  return all.join(',');
};

/** Of those that `/openapi.json` describes, what nothing is sent to. */
export const missingPaths = (sent: readonly WorstRequest[], described: object): readonly string[] =>
  Object.entries(described)
    .flatMap(([path, methods]) =>
      Object.keys(methods as object).map((method) => `${method.toUpperCase()} ${path}`),
    )
    .filter((one) => !sent.some(({ method, path }) => one === `${method} ${path.split('?')[0] ?? ''}`));

/** Queries as long, as many and as wrong as may be, and the longest lists. */
function asked(): readonly WorstRequest[] {
  const long = 'x'.repeat(HEAD_BYTES);
  const queries: Readonly<Record<string, string>> = {
    'as it is': '',
    'the longest page': '?limit=500',
    'a text that is too long': `?key=${long}&job=${long.slice(0, 10)}`,
    'as many parameters as fit': `?${'a=&'.repeat(HEAD_BYTES / 3)}`,
    'one parameter as often as fits': `?${'key=a&'.repeat(HEAD_BYTES / 6)}`,
    'every parameter wrong':
      '?key=&job=&limit=x&after=x&status=x&since=x&until=x&type=x&id=x&group=x&order=x',
    'a text of signs that are escaped': `?key=${'%F0%9F%98%80'.repeat(HEAD_BYTES / 12)}`,
    'a search that finds nothing': '?limit=500&job=none&key_prefix=none&search=none',
  };
  const of = (method: string, paths: readonly string[]): WorstRequest[] =>
    paths.flatMap((path) =>
      Object.entries(queries).map(([name, query]) => ({ name, method, path: path + query })),
    );
  return [...of('GET', ASKED), ...of('DELETE', ['/v1/hooks', '/v1/session'])];
}

/** The largest, deepest, longest and most wrong requests that each path takes, valid ones included. */
export const worstRequests = (): readonly WorstRequest[] => [
  ...posted().map((request) => ({ method: 'POST', ...request })),
  ...asked(),
];

type Posted = Pick<WorstRequest, 'name' | 'path' | 'body'>;

function posted(): readonly Posted[] {
  const of = (paths: readonly string[], bytes: number): Posted[] => {
    const room = bytes - 200;
    const deepest = LIMITS.resultBytes / 2;
    const bodies: Readonly<Record<string, string>> = {
      'as many members as fit': `{"key":"k","x":{${members(room)}}}`,
      'as many objects as fit': `{"key":"k","x":[${many('{}', room)}]}`,
      'as deep as may be': `{"key":"k","x":${'['.repeat(deepest)}${']'.repeat(deepest)}}`,
      'deeper than may be': '['.repeat(room),
      'every list too long': `{"items":[${many('0', room / 4)}],"events":[${many('0', room / 4)}],"fields":[${many('0', room / 4)}]}`,
      'text of one character too many': `{"key":"${'x'.repeat(room)}"}`,
      'no JSON': `{"key":${many('0', room)}`,
    };
    return paths.flatMap((path) => Object.entries(bodies).map(([name, body]) => ({ name, path, body })));
  };
  const items = (item: (n: number) => string, path: string, name: string): Posted => ({
    ...{
      name,
      path,
      body: `{"items":[${Array.from({ length: LIMITS.batchItems }, (_, n) => item(n)).join(',')}]}`,
    },
  });
  const payload = (room: number): Readonly<Record<string, string>> => ({
    'a payload of objects': `[${many('{}', room)}]`,
    'a payload of members': `{${members(room)}}`,
    'a form': JSON.stringify(Array.from({ length: room / 14 }, (_, n) => `a${String(n)}=1`).join('&')),
  });
  const wrong =
    '{"key":0,"ttl":"x","metadata":0,"holder":0,"run":0,"wait":"x","source":0,"fields":0,"url":0}';
  return [
    ...of(SINGLES, LIMITS.bodyBytes),
    ...of(BATCHES, LIMITS.batchBodyBytes),
    ...DERIVING.flatMap((path) =>
      Object.entries(payload(LIMITS.bodyBytes - 200)).map(([name, text]) => ({
        ...{ name, path, body: `{"source":"generic","payload":${text}}` },
      })),
    ),
    ...Object.entries(payload(LIMITS.batchBodyBytes - 200)).map(([name, text]) => ({
      ...{ name: `a result that is left out: ${name}`, path: '/v1/ai/complete' },
      body: `{"key":"k","lease_id":"x","reject_empty":true,"truncate_result":true,"result":{"is":${text}}}`,
    })),
    ...Object.entries(payload(LIMITS.batchBodyBytes / 8 - 200)).flatMap(([name, text]) => {
      const delivery = `{"source":"generic","payload":${text}}`;
      const done = `{"key":"k","lease_id":"x","reject_empty":true,"truncate_result":true,"result":{"is":${text}}}`;
      const eight = (item: string): string =>
        `{"items":[${Array.from({ length: 8 }, () => item).join(',')}]}`;
      return [
        { name: `eight items: ${name}`, path: '/v1/ai/lease/batch', body: eight(delivery) },
        { name: `eight items: ${name}`, path: '/v1/ai/complete/batch', body: eight(done) },
      ];
    }),
    ...MAKE.flatMap((path) =>
      Object.entries(payload(LIMITS.bodyBytes - 200)).map(([name, text]) => ({
        ...{ name, path },
        body: `{"inputs":{"job":"j","key":"k","source":"generic","payload":${text},"result":${text}}}`.slice(
          0,
          LIMITS.bodyBytes,
        ),
      })),
    ),
    items(() => wrong, '/v1/ai/lease/batch', '500 items, all of them wrong'),
    items(() => `{"fields":[${many('0', 4_000)}]}`, '/v1/ai/lease/batch', '500 items with long lists'),
    items((n) => `{"key":"${String(n)}"}`, '/v1/ai/lease/batch', '500 valid items'),
    items((n) => `{"payload":{"n":${String(n)},${members(3_900)}}}`, '/v1/ai/lease/batch', '500 payloads'),
    items(
      (n) => `{"key":"${String(n)}","lease_id":"x","result":{${members(3_900)}}}`,
      '/v1/ai/complete/batch',
      '500 results',
    ),
  ];
}
