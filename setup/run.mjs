import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));

/** The folder where set-up records which packages are installed and puts its own Node. Git ignores it. */
export const kept = join(root, '.setup');

/** The Node that the project is tested with. It is installed if the machine's Node has an older major version. */
export const NODE_VERSION = '24.21.0';
export const pinnedNode = join(kept, `node-${NODE_VERSION}`);

const PROCESS_GROUP = join(root, 'setup/process-group.mjs');

/** Set-up cannot go on. The message is written for the person at the keyboard. */
export class Failure extends Error {
  /** `output`: what the failed command wrote, if the message does not repeat it. */
  constructor(message, output) {
    super(message);
    this.output = output;
  }
}

/** The environment of commands: the pinned Node comes first in PATH, if there is one, then the packages' own commands. */
function environment() {
  const first = [pinnedNode, join(root, 'node_modules', '.bin')].filter((folder) => existsSync(folder));
  return { ...process.env, PATH: [...first, process.env.PATH].join(delimiter) };
}

/** Runs what the person asked for, with their terminal; resolves to its exit code. */
export function runCommand(command, args) {
  const child = spawn(command, args, { cwd: root, stdio: 'inherit', env: environment() });
  // A terminal sends Ctrl+C to the command as well, so that it can end by itself.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return ended(child, command);
}

/** The signals of Ctrl+C, of a service manager and of a closed window. */
const STOPS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Runs a step of set-up and reports its progress. The output of the command is shown only if it fails. */
export async function runStep(title, command, args) {
  const started = performance.now();
  const seconds = () => `${String(Math.round((performance.now() - started) / 1_000))} s`;
  console.error(`${title} …`);
  const progress = setInterval(() => console.error(`${title}: at it for ${seconds()} …`), 15_000);
  // Without the process group, npm would run on for a minute or more after this process was stopped or killed. An installation
  // that was interrupted is started again.
  const child = spawn(process.execPath, [PROCESS_GROUP, command, ...args], { cwd: root, env: environment() });
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
    // On a full disk, npm only warns about each file that it cannot write, goes on, and exits with 0.
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

/** Turns what a command or Node wrote into advice. If the cause is not known, the failure repeats all of it. */
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
