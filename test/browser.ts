import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium, type Browser } from 'playwright-core';

const PACKAGE = join(dirname(createRequire(import.meta.url).resolve('@sparticuz/chromium')), '../..');
/** Beside what it was unpacked from, so that a new version is unpacked anew. */
const FOLDER = join(PACKAGE, 'unpacked');

/** Without the sandbox, which containers do not have, and without what it would ask of the internet by itself. */
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--no-first-run',
];

/** Chromium as npm brings it, for Linux on x64: with libraries and a font of its own, so it needs none of the machine's. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(FOLDER)) await unpack();
  return chromium.launch({
    executablePath: join(FOLDER, 'chromium'),
    args: ARGS,
    env: {
      ...process.env,
      LD_LIBRARY_PATH: join(FOLDER, 'al2023/lib'),
      FONTCONFIG_FILE: join(FOLDER, 'fonts.conf'),
    },
  });
}

/** Several may do so at the same time; whoever is first is taken. */
async function unpack(): Promise<void> {
  const folder = await mkdtemp(`${FOLDER}-`);
  const code = "import chromium from '@sparticuz/chromium'; await chromium.executablePath();";
  await promisify(execFile)(process.execPath, ['--input-type=module', '-e', code], {
    cwd: PACKAGE,
    // It unpacks into the folder for temporary files, and its libraries only where it thinks that it is at home.
    env: { PATH: process.env['PATH'], TMPDIR: folder, AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs22.x' },
  });
  const fonts = `<fontconfig><dir>${join(FOLDER, 'fonts')}</dir><cachedir>${join(FOLDER, 'fonts-cache')}</cachedir></fontconfig>`;
  await writeFile(join(folder, 'fonts.conf'), fonts);
  await rename(folder, FOLDER).catch(() => rm(folder, { recursive: true }));
}
