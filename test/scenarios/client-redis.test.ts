import { openRedisStore } from '../../server/src/store/redis/store.ts';
import { startRedis } from '../../server/test/services/redis.ts';
import { openClient } from '../platforms/client.ts';
import { playScenarios } from './play.ts';

// The machine may be busy with others' work.
jest.setTimeout(120_000);

playScenarios('client', (connection) => openClient(connection, { deadlineMs: 5_000 }), {
  async redis() {
    const { url, close } = await startRedis();
    return { url, close, open: (clock) => openRedisStore({ url, clock }) };
  },
});
