#!/usr/bin/env node
// Plain JavaScript that an old Node can read, so that it can say what is wrong.
import { existsSync } from 'node:fs';
import process from 'node:process';

const [major, minor] = process.versions.node.split('.').map(Number);

function program() {
  // A checkout runs its sources, where Node can; a package has only what was built.
  const source = new URL('../src/cli/main.ts', import.meta.url);
  const runsSources = Boolean(process.features.typescript) && existsSync(source);
  return runsSources ? source.href : new URL('../dist/cli.js', import.meta.url).href;
}

if (major < 22 || (major === 22 && minor < 13)) {
  console.error('onceonly-server needs Node 22.13 or newer; this is Node ' + process.versions.node + '.');
  process.exitCode = 1;
} else {
  import(program()).then(
    (cli) => cli.main(process.argv),
    (error) => {
      console.error('onceonly-server could not be loaded: ' + error.message);
      process.exitCode = 1;
    },
  );
}
