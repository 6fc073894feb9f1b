import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';

/** A package as the lock file knows it. */
export interface LockedPackage {
  /** Such as `node_modules/pg` or `server/node_modules/ajv`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  /** `sha512-…` of its archive. */
  readonly integrity?: string;
  readonly needs: readonly LockedPackage[];
}

interface Entry {
  readonly version: string;
  readonly license?: string;
  readonly integrity?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

/** Reads package-lock.json; answers for packages as a workspace finds them, each with all that it needs. */
export async function readLockFile(file: string) {
  const { packages } = JSON.parse(await readFile(file, 'utf8')) as {
    readonly packages: Readonly<Record<string, Entry | undefined>>;
  };
  const known = new Map<string, LockedPackage>();

  /** As Node looks for it: in the folder itself, then in each above it. */
  function find(name: string, from: string): LockedPackage | undefined {
    for (let folder = from; ; folder = posix.dirname(folder)) {
      const path = posix.join(folder, 'node_modules', name);
      const entry = packages[path];
      if (entry !== undefined) return known.get(path) ?? packageOf(path, name, entry);
      if (folder === '.') return undefined;
    }
  }

  function packageOf(path: string, name: string, entry: Entry): LockedPackage {
    const needs: LockedPackage[] = [];
    const { version, license, integrity } = entry;
    const found = {
      path,
      name,
      version,
      needs,
      ...(license && { license }),
      ...(integrity && { integrity }),
    };
    // Before what it needs: packages may need each other.
    known.set(path, found);
    for (const each of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
      const need = find(each, path);
      if (need !== undefined) needs.push(need);
    }
    return found;
  }

  return {
    /** @throws where the lock file does not have it. */
    find(name: string, workspace: string): LockedPackage {
      const found = find(name, workspace);
      if (found === undefined) throw new Error(`package-lock.json has no ${name} for ${workspace}.`);
      return found;
    },
  };
}
