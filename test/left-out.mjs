import { accessSync, constants, globSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** What some suites need and npm does not bring: programs, any of which will do; the suites are named after `name`. */
const NEEDS = [
  { name: 'redis', programs: ['redis-server', 'valkey-server'], debian: 'redis-server' },
  { name: 'faketime', programs: ['faketime'], debian: 'faketime' },
  { name: 'caddy', programs: ['caddy'], debian: 'caddy' },
];

function isHere(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** What this machine lacks, and the pattern of the paths of those suites. */
export const lacking = () =>
  NEEDS.filter(({ programs }) => !programs.some(isHere)).map((need) => ({
    ...need,
    pattern: `${need.name}[^/]*\\.test\\.ts$`,
  }));

/** Their paths from the project's root. */
export const suitesOf = (root, { pattern }) =>
  globSync('{server,test,packaging}/**/*.test.ts', { cwd: root, exclude: (name) => name === 'node_modules' })
    .filter((file) => new RegExp(pattern).test(file))
    .sort();
