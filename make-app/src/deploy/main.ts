import { join } from 'node:path';
import { readApp } from '../validate/read-app.ts';
import { deployCommand } from './command.ts';

process.exitCode = await deployCommand({
  env: process.env,
  args: process.argv.slice(2),
  app: await readApp(join(import.meta.dirname, '../../app')),
  blueprints: join(import.meta.dirname, '../../blueprints'),
  say: (line) => process.stdout.write(`${line}\n`),
});
