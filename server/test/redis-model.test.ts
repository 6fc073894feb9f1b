import { openRedisStore } from '../src/store/redis/store.ts';
import { startRedis, type RedisService } from './services/redis.ts';
import { agreesWithModel } from './store-model.ts';

let redis: RedisService;
beforeAll(async () => (redis = await startRedis({ appendfsync: 'everysec' })));
afterAll(() => redis.close());

describe('the Redis store', () => {
  agreesWithModel('it', (clock) => openRedisStore({ url: redis.url, clock }), { runs: 200 });
});
