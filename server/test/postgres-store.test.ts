import { storeContract } from './store-contract.ts';
import { openEmptied, UNSYNCED, usePostgres } from './store/postgres-fixture.ts';

// The disk may be busy with others' work.
jest.setTimeout(60_000);

const postgres = usePostgres(UNSYNCED);

storeContract('Postgres', (clock) => openEmptied(postgres().url, clock));
