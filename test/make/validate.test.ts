import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isMembers } from '../../make-app/src/json.ts';
import { type App, readApp } from '../../make-app/src/validate/read-app.ts';
import { checkSchemas } from '../../make-app/src/validate/schemas.ts';
import { changed, drop, problemsOf, type Tree } from './changed.ts';
import { APP_FOLDER } from './engine/app.ts';

let valid: App;
beforeAll(async () => {
  valid = await readApp(APP_FOLDER);
});

const MANIFEST = 'makecomapp.json';
const BASE = 'general/base.iml.json';
const CONNECTION = 'connections/onceonly/onceonly.communication.iml.json';
const PARAMS = 'connections/onceonly/onceonly.params.iml.json';
const CLAIM = (section: string): string => `modules/claimKey/claim-key.${section}.iml.json`;
const EXTEND = 'modules/extendClaim/extend-claim.communication.iml.json';

/** The first field that “Detect from the webhook” asks for. */
const nestedIn = (file: Tree): object => {
  const form = file as unknown as readonly Tree[];
  const options = form.find(({ name }) => (name as unknown) === 'key_from')?.['options'];
  return options?.['1']?.['nested']?.['0'] ?? {};
};

test.each<[string, string, (file: Tree) => unknown, RegExp]>([
  [
    'a file that the manifest names is missing',
    MANIFEST,
    (file) => Object.assign(file['generalCodeFiles'] ?? {}, { base: 'nowhere.json' }),
    /nowhere\.json is named, but missing/,
  ],
  [
    'a file that nothing names',
    MANIFEST,
    (file) => drop(file['components']?.['module']?.['claimKey'], 'codeFiles'),
    /Nothing names this file/,
  ],
  [
    'a label in title case',
    MANIFEST,
    (file) =>
      Object.assign(file['components']?.['module']?.['claimKey'] ?? {}, { label: 'Check & Claim Key' }),
    /not in sentence case/,
  ],
  [
    'a label without a verb',
    MANIFEST,
    (file) => Object.assign(file['components']?.['module']?.['claimKey'] ?? {}, { label: 'Key claimer' }),
    /does not begin with a verb/,
  ],
  ['a POST without a body', EXTEND, (file) => drop(file, 'body'), /POST needs a body/],
  [
    'a URL that could lead anywhere',
    EXTEND,
    (file) => Object.assign(file, { url: '{{parameters.claim_token}}' }),
    /must begin with a slash/,
  ],
  [
    'a URL that begins with two slashes',
    EXTEND,
    (file) => Object.assign(file, { url: '//evil.example' }),
    /must begin with a slash/,
  ],
  [
    'a URL that is too long',
    EXTEND,
    (file) => Object.assign(file, { url: `/${'x'.repeat(512)}` }),
    /over 512/,
  ],
  [
    'an error of no type',
    EXTEND,
    (file) => Object.assign(file['response']?.['valid'] ?? {}, { type: 'StopError' }),
    /StopError is no type of error/,
  ],
  [
    'an error type within an expression',
    EXTEND,
    (file) =>
      Object.assign(file['response']?.['valid'] ?? {}, { type: "{{if(true, 'StopError', 'DataError')}}" }),
    /is no type of error/,
  ],
  [
    'an error without a message',
    BASE,
    (file) => Object.assign(file['response']?.['error'] ?? {}, { 422: { type: 'DataError' } }),
    /422: no message/,
  ],
  [
    'errors without what is said in general, which the editor asks for',
    CLAIM('communication'),
    (file) => drop(file['response']?.['error'], 'message'),
    /in general: no message/,
  ],
  [
    'a range of statuses',
    BASE,
    (file) =>
      Object.assign(file['response']?.['error'] ?? {}, { '5xx': { message: 'x', type: 'DataError' } }),
    /5xx is no status/,
  ],
  [
    'a log that shows the API key',
    BASE,
    (file) => Object.assign(file['log'] ?? {}, { sanitize: [] }),
    /log\.sanitize lacks request\.headers\.authorization/,
  ],
  [
    'the log shows a secret of a module',
    BASE,
    (file) => Object.assign(file['log'] ?? {}, { sanitize: ['request.headers.authorization'] }),
    /log\.sanitize of the base lacks request\.body\.inputs\.signing_secret/,
  ],
  [
    'a nested field in title case',
    CLAIM('mappable-params'),
    (file) => Object.assign(nestedIn(file), { label: 'Webhook Headers' }),
    /key_from, detect, headers: “Webhook Headers” is not in sentence case/,
  ],
  [
    'a connection’s log that shows the API key',
    CONNECTION,
    (file) => drop(file, 'log'),
    /log\.sanitize lacks/,
  ],
  [
    'the API key in the query',
    BASE,
    (file) => Object.assign(file, { qs: { key: '{{connection.apiKey}}' } }),
    /must not be in qs/,
  ],
  [
    'a base URL that can be mapped',
    PARAMS,
    (file) => Object.assign(file[1] ?? {}, { editable: true }),
    /baseUrl must not be mapped/,
  ],
  [
    'an API key that cannot be edited',
    PARAMS,
    (file) => Object.assign(file[0] ?? {}, { editable: false }),
    /apiKey must be editable/,
  ],
  [
    'a reserved name',
    PARAMS,
    (file) => Object.assign(file[1] ?? {}, { name: 'teamID' }),
    /teamID is a reserved name/,
  ],
  ['a sample that is missing', CLAIM('samples'), (file) => drop(file, 'proceed'), /proceed is missing/],
  [
    'a sample of another type',
    CLAIM('samples'),
    (file) => Object.assign(file, { attempt: '1' }),
    /attempt is no integer/,
  ],
  [
    'a date that is none',
    CLAIM('samples'),
    (file) => Object.assign(file, { first_seen_at: 'yesterday' }),
    /first_seen_at is no date/,
  ],
  [
    'an output that the interface lacks',
    EXTEND,
    (file) => Object.assign(file['response']?.['temp']?.['bundle']?.[0] ?? {}, { more: 1 }),
    /more is not in the interface/,
  ],
  ['a field without help', CLAIM('mappable-params'), (file) => drop(file[0], 'help'), /The help is missing/],
  [
    'two fields of one name',
    CLAIM('mappable-params'),
    (file) => Object.assign(file[1] ?? {}, { name: 'job' }),
    /Two parameters have this name/,
  ],
  [
    'a default that cannot be chosen',
    CLAIM('mappable-params'),
    (file) => Object.assign(file[2] ?? {}, { default: 'explode' }),
    /none of the choices/,
  ],
  [
    'a field of no type',
    CLAIM('mappable-params'),
    (file) => Object.assign(file[0] ?? {}, { type: 'string' }),
    /There is no type string/,
  ],
])('%s is found', (_, path, change, problem) => {
  expect(problemsOf(changed(valid, path, change)).join('\n')).toMatch(problem);
});

describe('schemas from a folder', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'schemas-'));
    const object = { type: 'object' };
    const array = { type: 'array' };
    const named = {
      'base.json': object,
      'common.json': object,
      'groups.json': array,
      'samples.json': object,
      'scope.json': array,
      'scopes.json': object,
      'parameters.json': array,
    };
    for (const [name, schema] of Object.entries(named))
      await writeFile(join(folder, name), JSON.stringify(schema));
    const api = { anyOf: [{ $ref: 'shared.json#/definitions/request' }, array] };
    await writeFile(join(folder, 'api.json'), JSON.stringify(api));
    const request = { type: 'object', required: ['url'] };
    await writeFile(join(folder, 'shared.json'), JSON.stringify({ definitions: { request } }));
  });
  afterAll(() => rm(folder, { recursive: true }));

  test('are applied to every section, references between them included', async () => {
    expect(await checkSchemas(valid, folder)).toEqual([]);
    const broken = changed(valid, EXTEND, (file) => drop(file, 'url'));
    const found = await checkSchemas(broken, folder);
    expect(found.map(({ where }) => where)).toContain(`${EXTEND}#`);
    expect(found.map(({ what }) => what).join()).toContain("must have required property 'url'");
  });

  test('have to be complete', async () => {
    const part = await mkdtemp(join(tmpdir(), 'schemas-'));
    await cp(folder, part, { recursive: true, filter: (file) => !file.endsWith('scope.json') });
    await expect(checkSchemas(valid, part)).rejects.toThrow('has no scope.json');
    await rm(part, { recursive: true });
  });
});

test('the tests change what they mean to', () => {
  expect(isMembers(valid.files.get(MANIFEST))).toBe(true);
  expect(problemsOf(valid)).toEqual([]);
});
