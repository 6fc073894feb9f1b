import { execFile } from 'node:child_process';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Why nothing was released: a sentence for the person who asked for it. */
export class ReleaseRefused extends Error {
  override readonly name = 'ReleaseRefused';
}

interface Manifest {
  readonly version: string;
  readonly workspaces?: readonly string[];
}

/**
 * The version of everything that is released.
 * @param tag such as `v1.2.0`, where it is published: then it has to be the version's, and the changelog has to give its day.
 * @throws {ReleaseRefused} where the version is not one, is not in CHANGELOG.md, or where files are not as they were committed.
 */
export async function readVersion(root: string, tag?: string): Promise<string> {
  const { version, workspaces = [] } = await readManifest(root);
  for (const workspace of workspaces) {
    const other = (await readManifest(join(root, workspace))).version;
    if (other !== version)
      throw new ReleaseRefused(
        `package.json has version ${version}, but ${workspace}/package.json ${other}.`,
      );
  }
  const heading = headingOf(await readFile(join(root, 'CHANGELOG.md'), 'utf8'), version);
  if (tag !== undefined) {
    if (tag !== `v${version}`)
      throw new ReleaseRefused(`The tag is ${tag}, but the version in package.json is ${version}.`);
    if (!/\(\d{4}-\d\d-\d\d\)$/.test(heading))
      throw new ReleaseRefused(
        `CHANGELOG.md does not say when ${version} came out: write “## ${version} (YYYY-MM-DD)” instead of “${heading}”.`,
      );
  }
  await checkClean(root);
  return version;
}

async function readManifest(folder: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest;
}

/** The line `## 1.2.0 …` that has at least one change below it. */
function headingOf(changelog: string, version: string): string {
  const sections = changelog.split(/^(?=## )/m);
  const section = sections.find((each) => /^## (\S+)/.exec(each)?.[1] === version);
  if (section === undefined || !/^- \S/m.test(section))
    throw new ReleaseRefused(
      `CHANGELOG.md says nothing of ${version}: list its changes below a line “## ${version} (unreleased)”.`,
    );
  return section.split('\n', 1)[0] ?? '';
}

/** Only what was committed can be looked up later. */
async function checkClean(root: string): Promise<void> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', root, ...args])).stdout.trim();
  // Within another repository, git would speak of that one.
  const top = await git('rev-parse', '--show-toplevel').catch(() => undefined);
  if (top === undefined || (await realpath(top)) !== (await realpath(root)))
    throw new ReleaseRefused(
      'This folder is not a clone made by git, so nobody can tell whether its files are those of a version. Get the project with “git clone”.',
    );
  const changed = await git('status', '--porcelain');
  if (changed !== '')
    throw new ReleaseRefused(`These files are not as they were committed; commit or undo:\n${changed}`);
}
