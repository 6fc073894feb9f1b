import { UNSYNCED, usePostgres } from '../../server/test/store/postgres-fixture.ts';
import { playOn } from './play-on.ts';

const database = usePostgres(UNSYNCED);

test('on Postgres everything holds', async () => {
  const { url } = database();
  const findings = await playOn(() => Promise.resolve({ url, close: () => Promise.resolve() }), 'operator');
  expect(findings.filter(({ verdict }) => verdict !== 'holds')).toEqual([]);
});
