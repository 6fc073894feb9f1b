import { openRedisStore } from '../src/store/redis/store.ts';
import { startRedis, type RedisService } from './services/redis.ts';
import { storeContract } from './store-contract.ts';

let redis: RedisService;
beforeAll(async () => (redis = await startRedis()));
afterAll(() => redis.close());

let opened = 0;

storeContract(
  'Redis',
  (clock) => {
    // A store of its own in the same Redis.
    opened += 1;
    return openRedisStore({ url: `${redis.url}?prefix=test${opened}`, clock });
  },
  { forgetsByItself: true },
);
