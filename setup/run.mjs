import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** What setup keeps for itself: which packages are installed, and a Node of its own. Git ignores it. */
export const kept = join(root, '.setup');

/** The Node that the project is tested with. It is installed where the Node that is there is of an older major version. */
export const NODE_VERSION = '24.21.0';
export const pinnedNode = join(kept, `node-${NODE_VERSION}`);

const LEASH = join(root, 'setup/leash.mjs');

/** Set-up cannot go on, for a reason that the message tells the person at the keyboard. */
export class Failure extends Error {
  /** `output` is what a command wrote that the message does not repeat. */
  constructor(message, output) {
    super(message);
    this.output = output;
  }
}

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

/** As a terminal, a service manager and a closed window stop a program. */
const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a step of set-up. Says that it does, and until when; what the command writes is shown only where it fails. */
export async function runStep(title, command, args) {
  const started = performance.now();
  const seconds = () => `${String(Math.round((performance.now() - started) / 1_000))} s`;
  console.error(`${title} …`);
  const progress = setInterval(() => console.error(`${title}: at it for ${seconds()} …`), 15_000);
  // npm would go on where this is killed, and where it is asked to end, for a minute and more. The leash, which ends with
  // this, ends it at once: what is left half done is begun anew.
  const child = spawn(process.execPath, [LEASH, command, ...args], { cwd: root, env: environment() });
  const end = () => child.stdin.end();
  let stopped = false;
  const stop = () => {
    stopped = true;
    end();
  };
  for (const signal of STOPS) process.on(signal, stop);

  let output = '';
  const collect = (text) => {
    output += String(text);
    // On a full disk npm only warns of each file that it cannot write, goes on, and ends as if all were well.
    if (DISK_FULL.test(String(text))) end();
  };
  for (const stream of [child.stdout, child.stderr]) stream.on('data', collect);

  const code = await ended(child, command).finally(() => {
    clearInterval(progress);
    for (const signal of STOPS) process.off(signal, stop);
  });
  if (stopped) throw new Failure(`${title} was stopped after ${seconds()}. ${AGAIN}`);
  if (code === 0 && !DISK_FULL.test(output)) return;
  throw failureFrom(output, `${title} failed after ${seconds()}. `);
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

const DISK_FULL = /ENOSPC|EDQUOT|no space left/i;
const NOT_PERMITTED = /EACCES|EPERM|EROFS/;
const NO_NETWORK =
  /ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET|FETCH_ERROR|network/;
const AGAIN = 'Then run the same command again: it goes on where it stopped.';

/** What to do about what a command, or Node itself, wrote; where that is not known, all of it. */
export function failureFrom(output, start = '') {
  const errors = output.replaceAll(/^npm warn .*\n/gm, '');
  const because = (reason) => new Failure(`${start}${reason} ${AGAIN}`, output);
  if (DISK_FULL.test(output)) {
    return because('The disk is full. Make room: all of the project takes about 1 GB, npm start 270 MB.');
  }
  if (NOT_PERMITTED.test(errors)) {
    const [, path = 'a file or folder'] = /^npm error path (.+)$/m.exec(errors) ?? [];
    return because(`It may not write ${path}. Make it yours.`);
  }
  if (NO_NETWORK.test(errors)) {
    return because('npm cannot reach its registry. Look at your network, its proxy or VPN.');
  }
  return new Failure(`${start}It said:\n\n${errors}`, output);
}
