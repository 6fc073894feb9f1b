/** What was tried to be faster, what it measured beside the build before, and whether it stayed. By hand: no run measures it again. */
export const TRIED: readonly (readonly [what: string, measured: string, stayed: string])[] = [
  [
    'How long the machine was awake is read from its file ten times a second, and not for each batch; on Redis, what is remembered of records is in an LRU cache, where the first of a Map had to be looked for behind all that was deleted',
    'processor time ÷ before: SQLite 0.92, Redis 0.87, Postgres 0.98',
    'kept',
  ],
  [
    'A batch starts early at 32 calls, and not at 16: fewer transactions, and syncs',
    'SQLite: claims 1.06, processor time 0.91; Redis and Postgres: the same',
    'kept',
  ],
  ['A batch starts early at 64 calls', 'SQLite: claims 0.76, processor time 0.93', 'not kept'],
  ['SQLite: two batches with the thread, and not four', 'claims 0.98, processor time 1.03', 'not kept'],
  [
    'An answer is handed to Node as bytes, and not as text: writing it to the socket is the largest cost of the HTTP thread, one system call an answer, which the floor has as well',
    'SQLite: claims 0.94, processor time 1.05',
    'not kept',
  ],
  [
    'Fewer objects where a request’s query and lists are looked at; no limit of requests at all',
    'SQLite: processor time 0.99; 0.98',
    'not kept',
  ],
  [
    'V8 with 64 MB for young objects (`--max-semi-space-size`)',
    'processor time: SQLite 0.99, Redis 1.13, Postgres 0.91',
    'not kept',
  ],
  [
    'V8 collects with one thread (`--single-threaded-gc`)',
    'processor time: SQLite 0.99, Redis 0.80, Postgres 1.19',
    'not kept',
  ],
  [
    'SQLite: the file is mapped into memory (`mmap_size`), so that no page is read by a call',
    'claims 1.00, processor time 0.99 (0.94–1.08)',
    'not kept',
  ],
  [
    'Redis: one `EXISTS` and one `MSET` for all new records of a batch, in place of a `GETRANGE` and a `SET` for each. A batch already is two scripts, one that loads and one that writes: with one alone, Lua would decide',
    'claims 1.06 (0.84–1.21), processor time with the store’s 0.97 (0.88–1.15)',
    'not kept',
  ],
  [
    'Postgres: no index of leases that end, to learn what an index costs. A claim that is made and completed writes the primary key and one partial index at a time; a batch already is two exchanges',
    'claims 1.03 (0.93–1.32), processor time with the store’s 0.96 (0.81–1.04)',
    'not kept: the sweeper needs it',
  ],
  [
    '`once()`: a claim joins those that wait for its key only once it has to; no error and no DOMException is made that nobody sees; a request’s rules are read in one scope',
    'embedded: processor time 0.84',
    'kept',
  ],
];
