import { isUtf8 } from 'node:buffer';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { AT_ONCE } from './heavy.ts';
import type { HeavyWork } from './heavy-work.ts';
import { notJson, parseJson } from './json-text.ts';
import { parseInSteps, type MembersOf } from './large-json.ts';
import { RefusalError } from './refusal.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The JSON text of the body, as it was sent; empty where there was none. */
    bodyText: string;
  }
}

/**
 * Parses JSON bodies, and keeps their text, since results and metadata are stored as they were sent. Of a large one, the
 * members that the route knows are parsed, step by step; what is large in them stays text, for `HeavyWork`.
 */
export function parseBodies(app: FastifyInstance, work: HeavyWork): void {
  app.decorateRequest('bodyText', '');
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(
    'application/json',
    { parseAs: 'buffer' },
    async (request: FastifyRequest, body: Buffer) => {
      // Some clients send the header with every request, also where there is no body to speak of.
      if (body.length === 0 && request.method === 'DELETE') return undefined;
      if (!isUtf8(body)) throw new RefusalError(notJson('it is not UTF-8'));
      const text = body.toString('utf8');
      request.bodyText = text;
      if (text.length <= AT_ONCE) {
        const parsed = parseJson(text);
        if ('status' in parsed) throw new RefusalError(parsed);
        return parsed.value;
      }
      const refusal = await work.run(request.apiKey?.tenant ?? '', 'whyNotJson', text);
      if (refusal !== null) throw new RefusalError(refusal);
      return parseInSteps(text, membersOf(request));
    },
  );
}

/** The schema of the route's body; that of a batch is of its items too. */
function membersOf({ routeOptions: { config, schema } }: FastifyRequest): MembersOf {
  return config.shownBody ?? schema?.body ?? {};
}
