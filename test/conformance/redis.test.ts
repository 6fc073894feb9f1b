import { startRedis } from '../../server/test/services/redis.ts';
import { playOn } from './play-on.ts';

test('on Redis everything holds', async () => {
  const findings = await playOn(startRedis, 'operator');
  expect(findings.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
});
