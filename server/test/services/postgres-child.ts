/** Starts a Postgres, writes the path of its folder, and waits to be killed. */
import { Client } from 'pg';
import { dirname } from 'node:path';
import { startPostgres } from './postgres.ts';

const { url } = await startPostgres();
const client = new Client({ connectionString: url });
await client.connect();
const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
process.stdout.write(`${dirname(rows[0]?.data_directory ?? '')}\n`);
