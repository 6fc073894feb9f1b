import { type App, readApp } from '../../make-app/src/validate/read-app.ts';
import { changed, type Tree } from './changed.ts';
import { DOCUMENTED, undocumentedIn, usesIn } from './constructs.ts';
import { APP_FOLDER } from './engine/app.ts';

let app: App;
beforeAll(async () => {
  app = await readApp(APP_FOLDER);
});

test('the app uses nothing of Make that Make does not document', () => {
  expect(undocumentedIn(app)).toEqual([]);
});

test('every address stands for something that is used', () => {
  const used = new Set([...usesIn(app)].map(([, use]) => use));
  expect(Object.keys(DOCUMENTED).filter((each) => !used.has(each))).toEqual([]);
  for (const address of Object.values(DOCUMENTED)) expect(address).toMatch(/^https:\/\/.*make\.com\//);
});

const BASE = 'general/base.iml.json';
const EXTEND = 'modules/extendClaim/extend-claim.communication.iml.json';
const DELIVERY = 'webhooks/runDied/run-died.communication.iml.json';
const DETACH = 'webhooks/runDied/run-died.detach.iml.json';

test.each<[string, string, (file: Tree) => unknown, string]>([
  [
    'a function without an address',
    EXTEND,
    (file) => Object.assign(file['temp'] ?? {}, { more: '{{uppercase(body.status)}}' }),
    'uppercase()',
  ],
  [
    'an operator without an address',
    EXTEND,
    (file) => Object.assign(file['temp'] ?? {}, { more: '{{body.a - body.b}}' }),
    'operator -',
  ],
  [
    'a negative number',
    EXTEND,
    (file) => Object.assign(file['temp'] ?? {}, { more: '{{body.a < -1}}' }),
    'SyntaxError: Cannot read IML at “-”',
  ],
  [
    'a directive without an address',
    EXTEND,
    (file) => Object.assign(file, { repeat: {} }),
    'directive repeat',
  ],
  [
    'a parameter that is not there',
    EXTEND,
    (file) => Object.assign(file['temp'] ?? {}, { more: '{{parameters.minutes}}' }),
    'there is nothing named parameters.minutes',
  ],
  [
    'something of the connection that it does not keep',
    BASE,
    (file) => Object.assign(file['headers'] ?? {}, { 'x-team': '{{connection.team}}' }),
    'there is nothing named connection.team',
  ],
  [
    'a temp that nobody set',
    EXTEND,
    (file) => Object.assign(file['temp'] ?? {}, { more: '{{temp.ttl}}' }),
    'there is nothing named temp.ttl',
  ],
  [
    'an expression that cannot be read',
    EXTEND,
    (file) => Object.assign(file['temp'] ?? {}, { more: '{{if(a b)}}' }),
    'SyntaxError: Cannot read IML',
  ],
  [
    'a detach of what was not kept',
    DETACH,
    (file) => Object.assign(file['qs'] ?? {}, { more: '{{webhook.token}}' }),
    'there is nothing named webhook.token',
  ],
  [
    'a delivery that reads what only a request has',
    DELIVERY,
    (file) => Object.assign(file['output'] ?? {}, { id: '{{connection.apiKey}}' }),
    'there is nothing named connection.apiKey',
  ],
  [
    'a directive that no delivery has',
    DELIVERY,
    (file) => Object.assign(file, { url: '/x' }),
    'directive url of a webhook',
  ],
])('%s is found', (_, path, change, use) => {
  expect(undocumentedIn(changed(app, path, change)).join('\n')).toContain(use);
});
