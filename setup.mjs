/**
 * `node setup.mjs STAGE COMMAND …` installs and builds what is missing or stale, then runs the command. STAGE is `start`, for
 * what `npm start` needs, or `all`, for tests and checks. Plain JavaScript without dependencies, here and in `setup/`, since
 * it runs before there are any, on whatever Node is there.
 */
import { buildAll } from './setup/builds.mjs';
import { pinNode } from './setup/node.mjs';
import { installPackages } from './setup/packages.mjs';
import { Failure, runCommand } from './setup/run.mjs';

const [stage, command, ...args] = process.argv.slice(2);
try {
  // Both wait for the network most of the time. Where one fails, the other may end first: what it brought is kept.
  const results = await Promise.allSettled([pinNode(), installPackages(stage)]);
  for (const { reason } of results) if (reason !== undefined) throw reason;
  await buildAll(stage);
  if (command !== undefined) process.exitCode = await runCommand(command, args);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  console.error(`\n${error.message}`);
  process.exitCode = 1;
}
