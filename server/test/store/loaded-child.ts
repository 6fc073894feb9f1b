/**
 * Claims and completes without end on the file it is given, and writes down what was acknowledged, to be killed. A line
 * that is still in this process then is lost: what was written is a part of what was acknowledged.
 */
import { openStore } from '../../src/store/open.ts';
import { claimOf, completeOf, recordOf } from './fixture.ts';

const [path = '', round = ''] = process.argv.slice(2);
const store = await openStore(`sqlite:${path}`, { clock: Date.now });

async function work(worker: number): Promise<never> {
  for (let index = 0; ; index += 1) {
    const key = `${round}/${worker}/${index}`;
    const record = recordOf(await store.claims.claim(claimOf(key)));
    process.stdout.write(`${JSON.stringify([key, record.fence, record.leaseId, null])}\n`);
    const result = JSON.stringify(key.repeat(index % 50));
    await store.claims.complete(completeOf(key, record.leaseId, { result }));
    process.stdout.write(`${JSON.stringify([key, record.fence, record.leaseId, result])}\n`);
  }
}

for (let worker = 0; worker < 32; worker += 1) void work(worker);
