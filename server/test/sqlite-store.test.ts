import { join } from 'node:path';
import { openStore } from '../src/store/open.ts';
import { storeContract } from './store-contract.ts';
import { useScratch } from './store/scratch.ts';

const scratch = useScratch();

storeContract('SQLite', (clock) => openStore(`sqlite:${join(scratch(), 'data', 'store.db')}`, { clock }));
