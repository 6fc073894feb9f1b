import { type App, readApp } from '../../make-app/src/validate/app.ts';
import { changed, drop, problemsOf, type Tree } from './changed.ts';
import { APP_FOLDER } from './engine/app.ts';

let valid: App;
beforeAll(async () => {
  valid = await readApp(APP_FOLDER);
});

const MANIFEST = 'makecomapp.json';
const ATTACH = 'webhooks/runDied/run-died.attach.iml.json';
const DETACH = 'webhooks/runDied/run-died.detach.iml.json';
const DELIVERY = 'webhooks/runDied/run-died.communication.iml.json';

test.each<[string, string, (file: Tree) => unknown, RegExp]>([
  [
    'a trigger of a webhook that is not there',
    MANIFEST,
    (file) => Object.assign(file['components']?.['module']?.['runDied'] ?? {}, { webhook: 'other' }),
    /0 modules are woken by it[^]*There is no webhook other/,
  ],
  [
    'a webhook for all users',
    MANIFEST,
    (file) =>
      Object.assign(file['components']?.['webhook']?.['runDied'] ?? {}, { webhookType: 'web-shared' }),
    /webhookType must be web/,
  ],
  [
    'a webhook without a part',
    MANIFEST,
    (file) => drop(file['components']?.['webhook']?.['runDied']?.['codeFiles'], 'detach'),
    /detach is missing/,
  ],
  [
    'a webhook of a connection that is not there',
    MANIFEST,
    (file) => Object.assign(file['components']?.['webhook']?.['runDied'] ?? {}, { connection: null }),
    /There is no connection/,
  ],
  [
    'a trigger with something to map',
    'modules/runDied/run-died.mappable-params.iml.json',
    (file) => Object.assign(file, { 0: { name: 'job', label: 'Job', type: 'text', help: 'A job.' } }),
    /has no mappable parameters/,
  ],
  [
    'an attach that hides the address',
    ATTACH,
    (file) => drop(file['body'], 'url'),
    /does not send webhook\.url/,
  ],
  [
    'an attach that forgets which hook it is',
    ATTACH,
    (file) => drop(file['response']?.['data'], 'externalHookId'),
    /does not keep externalHookId/,
  ],
  ['a detach of nothing', DETACH, (file) => drop(file, 'qs'), /does not name webhook\.externalHookId/],
  ['a delivery of any event', DELIVERY, (file) => drop(file, 'condition'), /condition is missing/],
  [
    'a directive that does not belong to a delivery',
    DELIVERY,
    (file) => Object.assign(file, { url: '/x' }),
    /url does not belong here/,
  ],
])('%s is found', (_, path, change, problem) => {
  expect(problemsOf(changed(valid, path, change)).join('\n')).toMatch(problem);
});
