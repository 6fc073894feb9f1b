import { startPostgres } from '../../server/test/services/postgres.ts';
import { killedStore } from './killed-store.ts';
import { severalServers } from './several-servers.ts';

jest.setTimeout(300_000);

// With kills of the servers too much stays unanswered for the search to end: to be bounded first.
severalServers('Postgres', startPostgres, { killed: false });
killedStore('Postgres', startPostgres);
