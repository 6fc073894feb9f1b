import { startPostgres } from '../../server/test/services/postgres.ts';
import { deliverTo } from './deliveries.ts';

deliverTo({
  database: async () => {
    const postgres = await startPostgres();
    return {
      env: {
        DB_TYPE: 'postgresdb',
        DB_POSTGRESDB_HOST: '127.0.0.1',
        DB_POSTGRESDB_PORT: String(postgres.port),
        DB_POSTGRESDB_DATABASE: 'postgres',
        DB_POSTGRESDB_USER: 'postgres',
        DB_POSTGRESDB_POOL_SIZE: '10',
        DB_POSTGRESDB_CONNECTION_TIMEOUT: '120000',
      },
      close: () => postgres.close(),
    };
  },
});
