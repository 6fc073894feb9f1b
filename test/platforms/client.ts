import { setTimeout as sleep } from 'node:timers/promises';
import {
  createClient,
  isOnceOnlyError,
  ERRORS,
  originOf,
  type ClientOptions,
  type Transport,
} from '@onceonly/shared';
import { createAxiosTransport } from '../../server/src/mcp/axios-transport.ts';
import type { Connection, Outcome, Platform } from './platform.ts';

/** The client by itself, as plain Node uses it. `through` may stand between it and the network. */
export function openClient(
  { baseUrl, apiKey }: Connection,
  options: Partial<ClientOptions> = {},
  through: (transport: Transport) => Transport = (transport) => transport,
): Platform {
  const transport = through(createAxiosTransport(baseUrl, apiKey));
  const client = createClient(transport, {
    platform: 'node',
    origin: originOf('client'),
    sleep: async (ms) => {
      await sleep(ms);
    },
    ...options,
  });
  return {
    name: 'client',
    run: async (operation, inputs): Promise<Outcome> => {
      try {
        const { outputs, then } = await client.perform(operation, inputs);
        const message = outputs['message'] as string;
        switch (then) {
          case 'continue':
            return { kind: 'continued', outputs };
          case 'stop':
          case 'lost':
            return { kind: 'stopped', message };
          case 'retry_later':
            return { kind: 'later', message };
          case 'tell':
          case 'late':
            return { kind: 'told', message };
        }
      } catch (error) {
        if (!isOnceOnlyError(error)) throw error;
        return { kind: ERRORS[error.code].retry === 'later' ? 'later' : 'told', message: error.message };
      }
    },
    close: () => Promise.resolve(),
  };
}
