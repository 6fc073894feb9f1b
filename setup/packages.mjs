import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Failure, kept, root, runStep } from './run.mjs';

/** What npm installs, of the packages that package-lock.json names; each stage has all of the one before it. */
const STAGES = {
  start: { title: 'Installing the packages that npm start needs', of: ['-w', 'test/storm', '--omit=dev'] },
  release: {
    title: 'Installing the packages that npm run release needs',
    of: ['-w', 'packaging', '--omit=dev'],
  },
  all: { title: 'Installing all packages, which takes a minute or more', of: [] },
};

/** Which stage was installed, from which lock file; or that an installation has begun and not ended. */
const RECORD = join(kept, 'packages');
const BEGUN = 'begun';

/** Installs what the stage needs. What was installed for the wider stage stays, and is brought up to date. */
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
  // What was cut off may have left half a package: "ci" begins anew. All that was downloaded is in npm's cache.
  const how = before === BEGUN ? ['ci'] : ['install', '--no-save'];
  await npm(title, ...how, ...of);
  writeFileSync(RECORD, `${wanted} ${lock}`);
}

/** Packages that somebody installed with npm itself count as all of them, of some other lock file. */
function recorded() {
  if (!existsSync(join(root, 'node_modules'))) return BEGUN;
  // A full disk leaves it empty.
  return existsSync(RECORD) ? readFileSync(RECORD, 'utf8') || BEGUN : 'all';
}

/** Nothing here needs the install scripts of packages; none may run. */
export const npm = (title, ...args) =>
  runStep(title, 'npm', [
    ...args,
    '--ignore-scripts',
    '--prefer-offline',
    '--no-audit',
    '--no-fund',
    '--no-update-notifier',
    // Of a full disk it only warns.
    '--loglevel=warn',
    // Without a network, npm tries again after 1, 2, 4 and 8 seconds, and then says so; by itself it takes over a minute.
    '--fetch-retries=4',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-factor=2',
  ]);
