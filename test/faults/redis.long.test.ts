import { startRedis } from '../../server/test/services/redis.ts';
import { killedStore } from './killed-store.ts';
import { severalServers } from './several-servers.ts';

jest.setTimeout(300_000);

severalServers('Redis', () => startRedis());
killedStore('Redis', () => startRedis());
