/**
 * `node setup.mjs STAGE COMMAND …` installs and builds what is missing or stale, then runs the command. STAGE says what for:
 * `start` for `npm start`, `release` for `npm run release`, or `all` for tests and checks. This file and `setup/` are plain
 * JavaScript without dependencies, since they run before anything is installed, on whichever Node the machine has.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildAll } from './setup/builds.mjs';
import { pinNode } from './setup/node.mjs';
import { installPackages } from './setup/packages.mjs';
import { Failure, failureFrom, kept, runCommand } from './setup/run.mjs';

// npm starts this in a shell, which does not pass signals on. So the end of the shell counts as SIGTERM.
const parent = process.ppid;
const watch = setInterval(() => {
  if (process.env.npm_lifecycle_event === undefined || process.ppid === parent) return;
  clearInterval(watch);
  process.kill(process.pid, 'SIGTERM');
}, 1_000).unref();

const [stage, command, ...args] = process.argv.slice(2);
try {
  // Both mostly wait for the network, so they run together. If one fails, the other still finishes, and its downloads are kept.
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

/** Writes the output of a failed command to a file, unless the disk is full, and returns a sentence that names the file. */
function keep(output) {
  if (!output) return '';
  try {
    writeFileSync(join(kept, 'failed.log'), output);
    return ' What was said: .setup/failed.log';
  } catch {
    return '';
  }
}
