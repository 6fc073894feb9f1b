/**
 * `node setup.mjs STAGE COMMAND …` installs and builds what is missing or stale, then runs the command. STAGE is `start` or
 * `release`, for what `npm start` or `npm run release` needs, or `all`, for tests and checks. Plain JavaScript without
 * dependencies, here and in `setup/`, since it runs before there are any, on whatever Node is there.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from './setup/builds.mjs';
import { pinNode } from './setup/node.mjs';
import { installPackages } from './setup/packages.mjs';
import { Failure, failureFrom, kept, runCommand } from './setup/run.mjs';

// npm hands a signal to the shell between itself and this, and the shell to nobody: it only ends.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.env.npm_lifecycle_event === undefined || process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, 1_000).unref();

const [stage, command, ...args] = process.argv.slice(2);
try {
  // Both wait for the network most of the time. Where one fails, the other may end first: what it brought is kept.
  const results = await Promise.allSettled([pinNode(), installPackages(stage)]);
  for (const { reason } of results) if (reason !== undefined) throw reason;
  await buildAll(stage);
  if (command !== undefined) process.exitCode = await runCommand(command, args);
} catch (error) {
  const failure = error instanceof Failure ? error : error.code && failureFrom(error.message);
  if (!failure) throw error;
  console.error(`\n${failure.message}${keep(failure.output)}`);
  process.exitCode = 1;
}

/** All that a failed command wrote, in a file for those who look closer; a full disk may refuse it. */
function keep(output) {
  if (!output) return '';
  try {
    writeFileSync(join(kept, 'failed.log'), output);
    return ' What was said: .setup/failed.log';
  } catch {
    return '';
  }
}
