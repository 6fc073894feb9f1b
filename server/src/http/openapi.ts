import swagger from '@fastify/swagger';
import type { FastifyInstance, FastifySchema } from 'fastify';
import type { TSchema } from 'typebox';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The schema of the body in /openapi.json, if the body is validated in another way. */
    shownBody?: TSchema;
  }
}

/** Describes every route that is registered later, from the schemas that validate its requests. */
export async function describeApi(app: FastifyInstance): Promise<void> {
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'OnceOnly server',
        version: '1',
        description: 'Claims on idempotency keys: the hosted v1 API, and what this server adds to it.',
      },
      components: { securitySchemes: { apiKey: { type: 'http', scheme: 'bearer' } } },
      security: [{ apiKey: [] }],
    },
    transform: ({ schema, url, route }) => {
      const body = route.config?.shownBody;
      const shown: FastifySchema = body === undefined ? schema : { ...schema, body };
      return { schema: shown, url };
    },
  });
}

/** GET /openapi.json. */
export function openApiRoute(app: FastifyInstance): void {
  let text: string | undefined;
  app.get('/openapi.json', { schema: { hide: true } }, (_request, reply) => {
    text ??= JSON.stringify(app.swagger());
    return reply.header('content-type', 'application/json; charset=utf-8').send(text);
  });
}
