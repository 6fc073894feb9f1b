import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { openStore } from '../src/store/open.ts';
import { startRedis } from './services/redis.ts';

const compose = parse(readFileSync(path.join(__dirname, '../compose.yaml'), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, { readonly command?: readonly string[] }>>;
};

test('Redis, started as the compose file says, can lose nothing', async () => {
  const command = compose.services['redis']?.command ?? [];
  const said = Object.fromEntries(
    command
      .slice(1)
      .flatMap((option, index, all) =>
        option.startsWith('--') ? [[option.slice(2), all[index + 1] ?? '']] : [],
      ),
  ) as Record<string, string>;
  expect(Object.keys(said)).toHaveLength(3);
  const redis = await startRedis(said);
  try {
    const store = await openStore(redis.url, { clock: Date.now });
    expect((await store.inspect()).filter(({ ok }) => !ok)).toEqual([]);
    await store.close();
  } finally {
    await redis.close();
  }
});
