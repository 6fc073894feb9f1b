import { readBody } from '../src/transport.ts';

test('a number that JavaScript would round is read with all its digits, as text', () => {
  expect(
    readBody('{"result":{"id":9007199254740993001,"far":1e400,"rate":1.10,"big":1e21,"ttl":60}}'),
  ).toEqual({
    result: { id: '9007199254740993001', far: '1e400', rate: 1.1, big: 1e21, ttl: 60 },
  });
});

test('what is nested by the thousand is read too, and what is no JSON is text', () => {
  const deep = `${'['.repeat(30_000)}9007199254740993001${']'.repeat(30_000)}`;
  expect(Array.isArray(readBody(deep))).toBe(true);
  expect([readBody('<html>'), readBody('')]).toEqual(['<html>', undefined]);
});
