import { openRedisStore } from '../src/store/redis/store.ts';
import { startRedisCluster, type RedisCluster } from './services/redis.ts';
import { storeContract } from './store-contract.ts';

// The machine may be busy with others' work.
jest.setTimeout(60_000);

let cluster: RedisCluster;
beforeAll(async () => (cluster = await startRedisCluster(3)));
afterAll(() => cluster.close());

let opened = 0;

storeContract(
  'A Redis cluster of three',
  (clock) => {
    opened += 1;
    return openRedisStore({ url: `${cluster.url}?prefix=test${opened}`, clock });
  },
  { forgetsByItself: true },
);
