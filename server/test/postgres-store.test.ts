import { storeContract } from './store-contract.ts';
import { openEmptied, UNSYNCED, usePostgres } from './store/postgres-fixture.ts';

const postgres = usePostgres(UNSYNCED);

storeContract('Postgres', (clock) => openEmptied(postgres().url, clock));
