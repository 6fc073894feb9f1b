import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Members } from '../../make-app/src/json.ts';
import { type App, readApp } from '../../make-app/src/validate/read-app.ts';
import { checkBlueprint } from '../../make-app/src/validate/blueprints.ts';
import { drop, type Tree } from './changed.ts';
import { APP_FOLDER } from './engine/app.ts';

let valid: App;
beforeAll(async () => {
  valid = await readApp(APP_FOLDER);
});

describe('a blueprint', () => {
  let blueprint: Members;
  beforeAll(async () => {
    const text = await readFile(join(APP_FOLDER, '../blueprints/once.json'), 'utf8');
    blueprint = JSON.parse(text) as Members;
  });

  test.each<[string, (flow: Tree[]) => unknown, RegExp]>([
    [
      'of a module that is not there',
      (flow) => Object.assign(flow[1] ?? {}, { module: 'app#onceonly:claim' }),
      /has no module app#onceonly:claim/,
    ],
    [
      'with a field that is not there',
      (flow) => Object.assign(flow[1]?.['mapper'] ?? {}, { ttl: 1 }),
      /has no field ttl/,
    ],
    ['without a field that must be', (flow) => drop(flow[1]?.['mapper'], 'key'), /key is missing/],
    [
      'that reads what comes later',
      (flow) => Object.assign(flow[1]?.['mapper'] ?? {}, { key: '{{5.key}}' }),
      /Nothing with the id 5 comes before/,
    ],
    [
      'that reads an output that is not there',
      (flow) => Object.assign(flow[3]?.['mapper'] ?? {}, { claim_token: '{{3.token}}' }),
      /has no output token/,
    ],
    [
      'that is woken in the middle',
      (flow) => Object.assign(flow[2] ?? {}, { module: 'app#onceonly:runDied', mapper: {} }),
      /runDied must be the first module/,
    ],
    ['with two modules of one id', (flow) => Object.assign(flow[3] ?? {}, { id: 3 }), /no number of its own/],
    [
      'whose error handler is wrong',
      (flow) => Object.assign(flow[2]?.['onerror']?.[0] ?? {}, { module: 'app#onceonly:fail' }),
      /has no module app#onceonly:fail/,
    ],
    [
      'that frees the key of a run that it keeps',
      (flow) =>
        Object.assign(flow[2] ?? {}, {
          onerror: [
            { id: 7, module: 'app#onceonly:failKey', mapper: { claim_token: '{{3.claim_token}}' } },
            { id: 8, module: 'builtin:Break', mapper: {} },
          ],
        }),
      /Break runs it again, although a freed key lets another run do it/,
    ],
    [
      'that holds a key for less than the work is tried',
      (flow) => Object.assign(flow[1]?.['mapper'] ?? {}, { hold_minutes: 45 }),
      /tried for 45 minutes, and held for less/,
    ],
    [
      'that holds a key for longer than Make tries to claim it',
      (flow) => Object.assign(flow[1]?.['mapper'] ?? {}, { hold_minutes: 1_440 }),
      /longer than Make tries a claim again/,
    ],
    [
      'whose work Make tries by itself, for longer than the key is held',
      (flow) => drop(flow[2], 'onerror'),
      /tried for 471 minutes, and held for less/,
    ],
    [
      'that ends a failed run as done',
      (flow) => Object.assign(flow[2]?.['onerror']?.[0] ?? {}, { module: 'builtin:Ignore' }),
      /Ignore drops the event/,
    ],
  ])('%s is found', (_, change, problem) => {
    const copy = structuredClone(blueprint) as unknown as { flow: Tree[] };
    change(copy.flow);
    const found = [...checkBlueprint(valid, 'b', copy as unknown as Members)].map(({ what }) => what);
    expect(found.join('\n')).toMatch(problem);
  });

  test('that loses what failed is found', () => {
    const copy = structuredClone(blueprint) as Tree;
    Object.assign(copy['metadata']?.['scenario'] ?? {}, { dlq: false });
    expect([...checkBlueprint(valid, 'b', copy as unknown as Members)].map(({ what }) => what)).toEqual([
      'It does not store incomplete executions.',
    ]);
  });
});
