import { LIMITS } from '@onceonly/shared/limits.ts';
import { isUtf8 } from 'node:buffer';
import type { FastifyInstance } from 'fastify';
import { isNestedDeeper } from './raw-json.ts';
import { count, RefusalError } from './refusal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The JSON text of the body, as it was sent; empty where there was none. */
    bodyText: string;
  }
}

/** Parses JSON bodies, and keeps their text, since results and metadata are stored as they were sent. */
export function parseBodies(app: FastifyInstance): void {
  app.decorateRequest('bodyText', '');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body: Buffer, done) => {
    // Some clients send the header with every request, also where there is no body to speak of.
    if (body.length === 0 && request.method === 'DELETE') {
      done(null, undefined);
      return;
    }
    const parsed = parse(body);
    if (parsed instanceof RefusalError) {
      done(parsed);
      return;
    }
    request.bodyText = parsed.text;
    done(null, parsed.value);
  });
}

/** More than the deepest result of the largest size. What is deeper takes a parser seconds, and everybody with it. */
const MAX_LEVELS = LIMITS.resultBytes / 2 + 10;

function parse(body: Buffer): { readonly text: string; readonly value: unknown } | RefusalError {
  if (!isUtf8(body)) return notJson('it is not UTF-8');
  const text = body.toString('utf8');
  if (text.length > MAX_LEVELS && isNestedDeeper(text, MAX_LEVELS)) {
    const detail = `The request's body is nested more than ${count(MAX_LEVELS)} levels deep.`;
    return new RefusalError({ status: 422, detail });
  }
  try {
    return { text, value: JSON.parse(text) as unknown };
  } catch {
    return notJson(
      text.trim() === '' ? 'it is empty' : 'look for a missing comma, quotation mark or bracket',
    );
  }
}

function notJson(why: string): RefusalError {
  return new RefusalError({ status: 422, detail: `The request's body is not valid JSON: ${why}.` });
}
