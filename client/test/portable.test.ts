import { Buffer as NodeBuffer } from 'node:buffer';
import * as node from 'node:crypto';
import fc from 'fast-check';
import { Buffer } from '../src/portable/buffer.ts';
import { createHash, hash, randomUUID } from '../src/portable/crypto.ts';

const text = fc.string({ unit: 'binary' });

test('hashes are those of Node', () => {
  fc.assert(
    fc.property(text, (each) => {
      const expected = node.createHash('sha256').update(each, 'utf8').digest('hex');
      expect(createHash('sha256').update(each, 'utf8').digest('hex')).toBe(expected);
      expect(hash('sha256', each, 'hex')).toBe(expected);
    }),
  );
});

test('bytes are those of Node', () => {
  fc.assert(
    fc.property(text, (each) => {
      expect(Buffer.byteLength(each)).toBe(NodeBuffer.byteLength(each));
      const encoded = NodeBuffer.from(each, 'utf8').toString('base64url');
      expect(Buffer.from(each, 'utf8').toString('base64url')).toBe(encoded);
      expect(Buffer.from(encoded, 'base64url').toString('utf8')).toBe(NodeBuffer.from(each).toString('utf8'));
    }),
  );
});

test('UUIDs are random', () => {
  expect(randomUUID()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4/);
  expect(randomUUID()).not.toBe(randomUUID());
});
