import { LIMITS } from '@onceonly/shared/limits.ts';

interface WorstRequest {
  readonly name: string;
  readonly path: string;
  readonly body: string;
}

const BATCHES = ['/v1/ai/lease/batch', '/v1/ai/complete/batch'];
const SINGLES = [
  ...['/v1/check-lock', '/v1/ai/lease', '/v1/ai/complete', '/v1/ai/fail', '/v1/ai/extend', '/v1/ai/cancel'],
  ...['/v1/keys/derive', '/v1/keys/resolve', '/v1/hooks', '/v1/session'],
];
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

/** The largest, deepest, longest and most wrong requests that each path takes, valid ones included. */
export function worstRequests(): readonly WorstRequest[] {
  const of = (paths: readonly string[], bytes: number): WorstRequest[] => {
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
  const items = (item: (n: number) => string, path: string, name: string): WorstRequest => ({
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
