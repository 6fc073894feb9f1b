import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, kept, root, runStep } from './run.mjs';

/** Which packages of package-lock.json each stage installs. Each stage includes the one before it. */
const STAGES = {
  start: { title: 'Installing the packages that npm start needs', of: ['-w', 'test/storm', '--omit=dev'] },
  release: {
    title: 'Installing the packages that npm run release needs',
    of: ['-w', 'packaging', '--omit=dev'],
  },
  all: { title: 'Installing all packages, which takes a minute or more', of: [] },
};

/** The file that records the installed stage and its lock file, or that an installation has begun and not ended. */
const RECORD = join(kept, 'packages');
const BEGUN = 'begun';

/** Installs what the stage needs. If a wider stage is installed already, it stays, and is brought up to date. */
export async function installPackages(stage) {
  if (!(stage in STAGES)) throw new Failure(`The stage is one of ${Object.keys(STAGES).join(', ')}.`);
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const before = recorded();
  const [there, ofLock] = before.split(' ');
  const order = Object.keys(STAGES);
  const wanted = order.indexOf(there) > order.indexOf(stage) ? there : stage;
  if (wanted === there && ofLock === lock) return;

  mkdirSync(kept, { recursive: true });
  writeFileSync(RECORD, BEGUN);
  const { title, of } = STAGES[wanted];
  // An interrupted installation may have left half a package, so "npm ci" starts again. Downloads are in npm's cache.
  const how = before === BEGUN ? ['ci'] : ['install', '--no-save'];
  await npm(title, ...how, ...of);
  writeFileSync(RECORD, `${wanted} ${lock}`);
}

/** The record. Packages that somebody installed with npm itself count as the stage `all` of another lock file. */
function recorded() {
  if (!existsSync(join(root, 'node_modules'))) return BEGUN;
  // A full disk can leave the record empty.
  return existsSync(RECORD) ? readFileSync(RECORD, 'utf8') || BEGUN : 'all';
}

/** Runs npm. Install scripts of packages are not needed, so none may run. */
export const npm = (title, ...args) =>
  runStep(title, 'npm', [
    ...args,
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    // npm reports a full disk only as a warning.
    '--loglevel=warn',
    // Without a network, npm gives up after retries at 1, 2, 4 and 8 seconds; its defaults take more than a minute.
    '--fetch-retries=4',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-factor=2',
  ]);
