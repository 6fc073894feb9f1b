import { sqlite } from '../world.ts';
import { ofVerdict, playOn } from './play-on.ts';

test('on SQLite everything holds', async () => {
  const findings = await playOn(sqlite, 'operator');
  expect(findings.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
  expect(findings.length).toBeGreaterThan(30);
});

test('an automation key is enough for all but what is an operator’s', async () => {
  const findings = await playOn(sqlite, 'automation');
  expect(ofVerdict(findings, 'not tried').map(({ call }) => call)).toEqual([
    'GET /v1/keys',
    'POST /v1/keys/resolve',
  ]);
  expect(ofVerdict(findings, 'deviates')).toEqual([]);
});

test.each([{}, { duplicate409: true }])(
  'the hosted API, imitated %j, holds its part and supports no addition',
  async (hostedOnly) => {
    const findings = await playOn(sqlite, 'automation', { hostedOnly });
    const verdicts = new Set(findings.map(({ part, verdict }) => `${part}: ${verdict}`));
    expect(verdicts).toEqual(new Set(['hosted: holds', 'addition: not supported']));
  },
);
