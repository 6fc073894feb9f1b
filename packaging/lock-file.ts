import { readFile } from 'node:fs/promises';
import { posix } from 'node:path';

/** A package in the lock file. */
export interface LockedPackage {
  /** Such as `node_modules/pg` or `server/node_modules/ajv`. */
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  /** The hash of its archive: `sha512-…`. */
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

/** Reads package-lock.json, and finds packages as a workspace resolves them, each with its dependencies. */
export async function readLockFile(file: string) {
  const { packages } = JSON.parse(await readFile(file, 'utf8')) as {
    readonly packages: Readonly<Record<string, Entry | undefined>>;
  };
  const known = new Map<string, LockedPackage>();

  /** Resolves a package like Node: in the folder itself, then in each parent folder. */
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
    // It is recorded before its dependencies, because dependencies may be circular.
    known.set(path, found);
    for (const each of Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })) {
      const need = find(each, path);
      if (need !== undefined) needs.push(need);
    }
    return found;
  }

  return {
    /** @throws if the lock file does not contain it. */
    find(name: string, workspace: string): LockedPackage {
      const found = find(name, workspace);
      if (found === undefined) throw new Error(`package-lock.json has no ${name} for ${workspace}.`);
      return found;
    },
  };
}
