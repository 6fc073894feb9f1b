/**
 * `node process-group.mjs COMMAND …` runs a command in its own process group. It kills the whole group with SIGKILL when its
 * standard input closes, as it does when the parent dies in whichever way, so that no process is left behind.
 */
import { spawn } from 'node:child_process';

const [command, ...args] = process.argv.slice(2);
const child = spawn(command, args, { detached: true, stdio: ['ignore', 'inherit', 'inherit'] });

function kill() {
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // The group has ended already.
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
