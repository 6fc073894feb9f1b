import axios from 'axios';
import { openWorld } from '../world.ts';
import { missingPaths, worstRequests } from './worst-requests.ts';

test('something bad is sent to every path that is described, and one that is left out is named', async () => {
  const world = await openWorld();
  try {
    const { data } = await axios.get<{ paths: object }>(`${world.baseUrl}/openapi.json`, { proxy: false });
    expect(missingPaths(worstRequests(), data.paths)).toEqual([]);
    const without = worstRequests().filter(({ path }) => path !== '/v1/ai/fail');
    expect(missingPaths(without, data.paths)).toEqual(['POST /v1/ai/fail']);
  } finally {
    await world.close();
  }
});
