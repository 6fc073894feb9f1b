import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { deliverTo } from './deliveries.ts';

const setting = deliverTo({});

test('the API key is nowhere in what n8n has kept and logged', async () => {
  const { n8n, world } = setting;
  const entries = await readdir(n8n.userFolder, { recursive: true, withFileTypes: true });
  const files = entries.filter((each) => each.isFile()).map((each) => join(each.parentPath, each.name));
  const kept = await Promise.all(files.map((file) => readFile(file)));
  const contains = (text: string): boolean => kept.some((bytes) => bytes.includes(text));
  // What the workflows have handled is there, as it is.
  expect(contains('receipt of single')).toBe(true);
  expect(contains(world.apiKey)).toBe(false);
  expect(n8n.log()).not.toContain(world.apiKey);
});
