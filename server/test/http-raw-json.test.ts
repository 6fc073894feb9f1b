import { elementsOf, rawMember } from '../src/http/raw-json.ts';
import { acquire, serve } from './support.ts';

describe('rawMember', () => {
  test.each([
    ['{"result":{"a":1}}', '{"a":1}'],
    ['{ "x" : [1,{"result":2}] , "result" : { "a" : "}" } }', '{ "a" : "}" }'],
    ['{"result":1,"result":{"b":2}}', '{"b":2}'],
    ['{"re\\u0073ult":{"c":3}}', '{"c":3}'],
    ['{"x":"\\"result\\":{}","result":{"d":"\\\\"}}', '{"d":"\\\\"}'],
    ['{"result":null}', 'null'],
    ['{"result":-1.5e300}', '-1.5e300'],
    ['\n\t{\r\n"result"\t:\n[ ]\r}\n', '[ ]'],
    ['{"result":true,"z":false}', 'true'],
    ['{"__proto__":{"result":1},"result":{"__proto__":2}}', '{"__proto__":2}'],
  ])('cuts the value out of %s', (json, expected) => {
    expect(JSON.parse(json)).toBeDefined();
    expect(rawMember(json, 'result')).toBe(expected);
  });

  test.each(['{}', '{"x":{"result":1}}', '[{"result":1}]', '"result"', '1', '{"x":"result"}'])(
    'finds none in %s',
    (json) => {
      expect(rawMember(json, 'result')).toBeNull();
    },
  );

  test('does not recurse', () => {
    const deep = '['.repeat(120_000) + ']'.repeat(120_000);
    expect(rawMember(`{"result":${deep},"z":1}`, 'result')).toBe(deep);
  });
});

test.each([
  ['[]', []],
  ['[ 1 , "a,]" , {"b":[2]} , null ]', ['1', '"a,]"', '{"b":[2]}', 'null']],
  ['[[],[[]],{}]', ['[]', '[[]]', '{}']],
  ['{}', []],
])('elementsOf cuts %s', (json, expected) => {
  expect([...elementsOf(json)]).toEqual(expected);
});

const VERBATIM = [
  '{"big":12345678901234567890123456789,"small":1.0e-5,"zero":-0,"long":0.10000000000000000000001}',
  '{"nul":"a\\u0000b","half":"\\ud83d","esc":"\\/\\u00e9"}',
  '{"a":1,"a":2,"__proto__":{"x":1},"constructor":null}',
  '{ "spaces" :  [ 1 ,\n2 ] }',
  '{"text":"日本語 😀 ﷽"}',
  '{}',
];

test.each(VERBATIM)('a result comes back as it was sent: %s', async (result) => {
  const server = await serve();
  const lease = await acquire(server, 'k');
  const sent = await server.post('/v1/ai/complete', `{"key":"k","lease_id":"${lease}","result": ${result} }`);
  expect(sent.status).toBe(200);
  const read = await server.get('/v1/ai/result?key=k');
  expect(read.text).toContain(`"result":${result}}`);
  const claim = await server.post('/v1/ai/lease', { key: 'k' });
  expect(claim.text).toContain(`"result":${result}}`);
});

test('a result that is deep within its limit is kept; nothing recurses over it', async () => {
  const server = await serve();
  const deep = `{"a":${'['.repeat(30_000)}${']'.repeat(30_000)}}`;
  for (const rejectEmpty of ['false', 'true']) {
    const key = `deep-${rejectEmpty}`;
    const lease = await acquire(server, key);
    const body = `{"key":"${key}","lease_id":"${lease}","result":${deep},"reject_empty":${rejectEmpty}}`;
    const sent = await server.post('/v1/ai/complete', body);
    expect([sent.status, sent.body.status]).toEqual([200, rejectEmpty === 'true' ? 'failed' : 'completed']);
  }
  expect((await server.get('/v1/ai/result?key=deep-false')).text).toContain(deep);
});
