import { execFile } from 'node:child_process';
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** Nothing was released. The message is a sentence for the person who runs the release. */
export class ReleaseRefused extends Error {
  override readonly name = 'ReleaseRefused';
}

interface Manifest {
  readonly version: string;
  readonly workspaces?: readonly string[];
}

/**
 * The version of the release.
 * @param tag The tag when publishing, such as `v1.2.0`. It must match the version, and the changelog must contain the day.
 * @throws {ReleaseRefused} if the version is not valid or not in CHANGELOG.md, or if there are changes that are not committed.
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

/** The heading `## 1.2.0 …`, if there is at least one change below it. */
function headingOf(changelog: string, version: string): string {
  const sections = changelog.split(/^(?=## )/m);
  const section = sections.find((each) => /^## (\S+)/.exec(each)?.[1] === version);
  if (section === undefined || !/^- \S/m.test(section))
    throw new ReleaseRefused(
      `CHANGELOG.md says nothing of ${version}: list its changes below a line “## ${version} (unreleased)”.`,
    );
  return section.split('\n', 1)[0] ?? '';
}

/** Refuses changes that are not committed, because they could not be looked up later. */
async function checkClean(root: string): Promise<void> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)('git', ['-C', root, ...args])).stdout.trim();
  // If the project is inside another repository, git would report on that one.
  const top = await git('rev-parse', '--show-toplevel').catch(() => undefined);
  if (top === undefined || (await realpath(top)) !== (await realpath(root)))
    throw new ReleaseRefused(
      'This folder is not a clone made by git, so nobody can tell whether its files are those of a version. Get the project with “git clone”.',
    );
  const changed = await git('status', '--porcelain');
  if (changed !== '')
    throw new ReleaseRefused(`These files are not as they were committed; commit or undo:\n${changed}`);
}
