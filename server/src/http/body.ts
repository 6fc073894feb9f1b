import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { INLINE_CHARACTERS } from './tasks.ts';
import type { TaskRunner } from './task-runner.ts';
import { notJson, parseJson } from './json-text.ts';
import { parseInSteps, type MembersOf } from './large-json.ts';
import { RefusalError, type Refusal } from './refusal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The JSON text of the body, as it was sent; empty if there is none. */
    bodyText: string;
  }
}

/**
 * Parses JSON bodies. Their text is kept, since results and metadata are stored as they were sent. Of a large body, only the
 * members that the route knows are parsed, in steps; large results and payloads stay text.
 */
export function parseBodies(app: FastifyInstance, tasks: TaskRunner): void {
  app.decorateRequest('bodyText', '');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      // Some clients send this content type even without a body.
      if (body.length === 0 && request.method === 'DELETE') return undefined;
      const encoding = request.headers['content-encoding'] ?? 'identity';
      if (encoding.toLowerCase() !== 'identity') throw new RefusalError(NOT_PLAIN);
      if (!isUtf8(body)) throw new RefusalError(notJson('it is not UTF-8'));
      // Some programs begin a file with a byte order mark. It is no part of the JSON, and a parser may skip it (RFC 8259, 8.1).
      const text = body.toString('utf8').replace(/^\uFEFF/, '');
      request.bodyText = text;
      if (text.length <= INLINE_CHARACTERS) {
        const parsed = parseJson(text);
        if ('status' in parsed) throw new RefusalError(parsed);
        return parsed.value;
      }
      const refusal = await tasks.run(request.apiKey?.tenant ?? '', 'whyNotJson', text);
      if (refusal !== null) throw new RefusalError(refusal);
      return parseInSteps(text, membersOf(request));
    },
  );
}

const NOT_PLAIN: Refusal = {
  status: 415,
  detail: 'The body of a request must not be compressed: send it without the header Content-Encoding.',
  headers: { 'accept-encoding': 'identity' },
};

/** The schema of the route's body. For a batch, it includes the schema of the items. */
function membersOf({ routeOptions: { config, schema } }: FastifyRequest): MembersOf {
  return config.shownBody ?? schema?.body ?? {};
}
