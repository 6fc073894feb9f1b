import { Redis } from 'ioredis';
import { startRedis, startRedisCluster } from './services/redis.ts';

describe('the Redis that tests start', () => {
  it('keeps what it answered through kill -9, on the same port', async () => {
    const service = await startRedis();
    const { url } = service;
    const before = new Redis(url);
    await before.set('k', 'v');
    before.disconnect();
    await service.kill();
    await service.restart();
    expect(service.url).toBe(url);
    const after = new Redis(url);
    expect(await after.get('k')).toBe('v');
    expect(await after.config('GET', 'appendfsync')).toEqual(['appendfsync', 'always']);
    after.disconnect();
    await service.close();
    await expect(
      new Redis(url, { retryStrategy: () => null, lazyConnect: true }).connect(),
    ).rejects.toThrow();
  });

  it('makes a cluster of several', async () => {
    const cluster = await startRedisCluster(3);
    const client = new Redis(cluster.url);
    expect(await client.cluster('INFO')).toContain('cluster_state:ok');
    client.disconnect();
    await cluster.close();
  });
});
