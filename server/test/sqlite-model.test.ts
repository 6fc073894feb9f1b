import { join } from 'node:path';
import { openStore } from '../src/store/open.ts';
import { agreesWithModel } from './store-model.ts';
import { useScratch } from './store/scratch.ts';

const scratch = useScratch();

describe('the SQLite store', () => {
  agreesWithModel('it', (clock) => openStore(`sqlite:${join(scratch(), 'store.db')}`, { clock }), {
    runs: 200,
  });
});
