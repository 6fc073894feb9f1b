import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LockedPackage, readLockFile } from './lock-file.ts';

/** A released package, and the packages of which it consists. */
interface Shipped {
  readonly workspace: string;
  /** Packages inside its bundle. The `dependencies` of the workspace are installed with it or packed with it. */
  readonly bundled: readonly string[];
}

export const SHIPPED: readonly Shipped[] = [
  { workspace: 'n8n-node', bundled: ['acorn', 'canonicalize'] },
  { workspace: 'client', bundled: ['@noble/hashes', 'canonicalize'] },
  { workspace: 'server', bundled: ['canonicalize', 'preact'] },
  { workspace: 'zapier-app', bundled: ['canonicalize'] },
  { workspace: 'make-app', bundled: ['@makehq/sdk', 'canonicalize'] },
];

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** Writes a software bill of materials (CycloneDX 1.6, JSON) for each released package. */
export async function writeSboms(root: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const shipped of SHIPPED) {
    const manifest = JSON.parse(
      await readFile(join(root, shipped.workspace, 'package.json'), 'utf8'),
    ) as Manifest;
    const bom = await bomOf(root, shipped, manifest);
    const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6));
    const text = serializer.serialize(bom, { sortLists: true, space: 2 });
    await writeFile(join(folder, `${manifest.name}.cdx.json`), `${text}\n`);
  }
}

async function bomOf(root: string, { workspace, bundled }: Shipped, manifest: Manifest): Promise<Models.Bom> {
  const lockFile = await readLockFile(join(root, 'package-lock.json'));
  const bom = new Models.Bom();
  const whole = componentOf(manifest, Enums.ComponentType.Application);
  bom.metadata.component = whole;
  const components = new Map<string, Models.Component>();

  /** Adds a package once, even if several need it. Dependencies may be circular. */
  function add(from: LockedPackage): Models.Component {
    const known = components.get(from.path);
    if (known !== undefined) return known;
    const component = componentOf(from, Enums.ComponentType.Library);
    components.set(from.path, component);
    bom.components.add(component);
    for (const need of from.needs) component.dependencies.add(add(need).bomRef);
    return component;
  }

  for (const name of new Set([...bundled, ...Object.keys(manifest.dependencies ?? {})]))
    whole.dependencies.add(add(lockFile.find(name, workspace)).bomRef);
  return bom;
}

type Described = Pick<LockedPackage, 'name' | 'version' | 'license' | 'integrity'> & {
  readonly path?: string;
};

function componentOf(of: Described, type: Enums.ComponentType): Models.Component {
  const { name, version, license, integrity, path = name } = of;
  const component = new Models.Component(type, name, {
    version,
    bomRef: path,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  });
  if (license !== undefined) component.licenses.add(new Models.LicenseExpression(license));
  const sha512 = integrity?.startsWith('sha512-') ? integrity.slice('sha512-'.length) : undefined;
  if (sha512 !== undefined)
    component.hashes.set(Enums.HashAlgorithm['SHA-512'], Buffer.from(sha512, 'base64').toString('hex'));
  return component;
}
