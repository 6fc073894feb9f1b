/* An API that begins with a request, and never ends: `node hanging-api-child.ts URL API_KEY` sends its parent where it listens, and the key for others. */
import express from 'express';
import { createServer } from 'node:http';
import { attemptOf, idempotencyKey } from '../src/express.ts';
import { onceOnly } from '../src/index.ts';
import { listening } from './apps.ts';

const [url, apiKey = ''] = process.argv.slice(2);
const api = express();
api.post('/', idempotencyKey(onceOnly({ url, apiKey }), { scope: 'everyone' }), (request) => {
  process.send?.(attemptOf(request)?.idempotencyKey);
});
const { url: address } = await listening(createServer((request, response) => void api(request, response)));
process.send?.(address);
