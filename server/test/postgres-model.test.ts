import { agreesWithModel } from './store-model.ts';
import { openEmptied, UNSYNCED, usePostgres } from './store/postgres-fixture.ts';

// The disk may be busy with others' work.
jest.setTimeout(240_000);

const postgres = usePostgres(UNSYNCED);

describe('the Postgres store', () => {
  agreesWithModel('it', (clock) => openEmptied(postgres().url, clock), { runs: 100 });
});
