import { bookkeeping } from './store/bookkeeping.ts';
import { claiming } from './store/claiming.ts';
import { concurrency } from './store/concurrency.ts';
import { dying } from './store/dying.ts';
import { finishing } from './store/finishing.ts';
import type { OpenStore, Traits } from './store/fixture.ts';
import { grouping } from './store/grouping.ts';
import { hooks } from './store/hooks.ts';
import { listing } from './store/listing.ts';
import { locking } from './store/locking.ts';
import { resolving } from './store/resolving.ts';
import { time } from './store/time.ts';
import { values } from './store/values.ts';

const PROMISES: Readonly<Record<string, (open: OpenStore, traits: Traits) => void>> = {
  claims: claiming,
  'keeps groups': grouping,
  finishes: finishing,
  'lets a person decide': resolving,
  locks: locking,
  'stands concurrency': concurrency,
  'keeps time': time,
  'tells of deaths': dying,
  'keeps hooks': hooks,
  'keeps values': values,
  lists: listing,
  'keeps books': bookkeeping,
};

/** What every store promises. `open` gives a new, empty one on the clock it is handed. */
export function storeContract(name: string, open: OpenStore, traits: Traits = {}): void {
  describe(`${name}, as every store`, () => {
    describe.each(Object.entries(PROMISES))('%s', (_, promise) => {
      promise(open, traits);
    });
  });
}
