import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { assemble } from './assemble.ts';
import { readVersion, ReleaseRefused } from './version.ts';

/**
 * `npm run release` puts everything that people install into the folder `release`. With `-- --tag v1.2.0`, as in the workflow that
 * publishes, the version must be that of the tag.
 */
const root = join(import.meta.dirname, '..');
const { values } = parseArgs({ options: { tag: { type: 'string' } } });
try {
  const version = await readVersion(root, values.tag);
  const files = await assemble(root, join(root, 'release'));
  console.log(
    `OnceOnly ${version} is in the folder release:\n\n${files.map((file) => `  ${file}`).join('\n')}`,
  );
  console.log('\nHow to install each is in README.md.');
} catch (error) {
  if (!(error instanceof ReleaseRefused)) throw error;
  console.error(`Not released. ${error.message}`);
  process.exitCode = 1;
}
