/**
 * `node leash.mjs COMMAND …` runs a command in a process group of its own for as long as the standard input is open, and
 * kills the whole group, as `kill -9` does, once it closes: so nothing outlives who began it, however that ends.
 */
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

function kill() {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

process.stdin.resume().on('close', kill);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, kill);
child.on('error', ({ code, message }) => {
  console.error(code === 'ENOENT' ? `There is no ${command} on this machine.` : `${command}: ${message}`);
  process.exit(1);
});
child.on('exit', (code) => {
  kill();
  process.exit(code ?? 1);
});
