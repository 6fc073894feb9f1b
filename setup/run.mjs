import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** What setup keeps for itself: which packages are installed, and a Node of its own. Git ignores it. */
export const kept = join(root, '.setup');

/** The Node that the project is tested with. It is installed where the Node that runs this is of an older major version. */
export const NODE_VERSION = '24.21.0';
export const pinnedNode = join(kept, `node-${NODE_VERSION}`);

/** Set-up cannot go on, for a reason that the message tells the person at the keyboard. */
export class Failure extends Error {}

/** As commands see it: the pinned Node comes first, where there is one, then what the packages bring. */
function environment() {
  const first = [pinnedNode, join(root, 'node_modules', '.bin')].filter((folder) => existsSync(folder));
  return { ...process.env, PATH: [...first, process.env.PATH].join(delimiter) };
}

/** Runs what the person asked for, with their terminal; resolves to its exit code. */
export function runCommand(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: environment() });
  // A terminal sends Ctrl+C to the command as well: it decides when it ends.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return ended(child, command);
}

/** Runs a step of set-up. Says that it does, and until when; what the command writes is shown only where it fails. */
export async function runStep(title, command, args) {
  const started = performance.now();
  const seconds = () => `${String(Math.round((performance.now() - started) / 1_000))} s`;
  console.error(`${title} …`);
  const progress = setInterval(() => console.error(`${title}: at it for ${seconds()} …`), 15_000);
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], env: environment() });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (output += String(text)));
  const code = await ended(child, command).finally(() => clearInterval(progress));
  if (code !== 0) throw new Failure(`${title} failed after ${seconds()}. ${reasonIn(output)}`);
}

function ended(child, command) {
  return new Promise((resolve, reject) => {
    child.once('error', ({ code, message }) =>
      reject(
        new Failure(code === 'ENOENT' ? `There is no ${command} on this machine.` : `${command}: ${message}`),
      ),
    );
    child.once('close', (code) => resolve(code ?? 1));
  });
}

const AGAIN = 'Then run the same command again: it goes on where it stopped.';

/** What to do about it, in a sentence; of what is not known, all that the command wrote. */
function reasonIn(output) {
  if (/ENOSPC|EDQUOT|no space left/i.test(output)) {
    return `The disk is full. Make room: setting up all of the project takes about 1 GB, npm start alone 270 MB. ${AGAIN}`;
  }
  if (/EACCES|EPERM|EROFS/.test(output)) return `It may not write a file or folder. ${AGAIN}\n\n${output}`;
  if (
    /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|FETCH_ERROR|network/.test(output)
  ) {
    return `npm cannot reach its registry. Look at your network, its proxy or VPN. ${AGAIN}\n\n${output}`;
  }
  return `It said:\n\n${output}`;
}
