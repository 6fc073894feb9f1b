import { storeContract } from './store-contract.ts';
import { openEmptied, usePostgres } from './store/postgres-fixture.ts';

// The disk may be busy with others' work.
jest.setTimeout(60_000);

const postgres = usePostgres();

storeContract('Postgres', (clock) => openEmptied(postgres().url, clock));
