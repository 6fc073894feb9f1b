/** The source of `release/make-app/deploy.mjs`, which deploys the app in its folder. */
import { join } from 'node:path';
import { deployCommand } from '../make-app/src/deploy/command.ts';
import { readApp } from '../make-app/src/validate/read-app.ts';

process.exitCode = await deployCommand({
  env: process.env,
  args: process.argv.slice(2),
  app: await readApp(join(import.meta.dirname, 'app')),
  blueprints: join(import.meta.dirname, 'blueprints'),
  say: (line) => process.stdout.write(`${line}\n`),
});
