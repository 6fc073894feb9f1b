import { startPostgres } from '../../server/test/services/postgres.ts';
import { flooded } from './flood.ts';
import { killedStore } from './killed-store.ts';
import { severalServers } from './several-servers.ts';

jest.setTimeout(900_000);

severalServers('Postgres', startPostgres);
flooded('Postgres', startPostgres);
killedStore('Postgres', startPostgres);
