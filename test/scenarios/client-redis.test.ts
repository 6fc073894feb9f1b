import { openRedisStore } from '../../server/src/store/redis/store.ts';
import { startRedis } from '../../server/test/services/redis.ts';
import { openClient } from '../platforms/client.ts';
import type { OpenStoreUnderTest } from '../world.ts';
import { ofACall, openOnceByHttp } from './once.ts';
import { playScenarios } from './play.ts';

const stores: Readonly<Record<string, OpenStoreUnderTest>> = {
  async redis() {
    const { url, close } = await startRedis();
    return { url, close, open: (clock) => openRedisStore({ url, clock }) };
  },
};

playScenarios('client', (connection) => openClient(connection, { deadlineMs: 5_000 }), stores);
playScenarios('once', openOnceByHttp, stores, { which: ofACall });
