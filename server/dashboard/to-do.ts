import type { EventItem, KeyStatus, OfRun } from './answers.ts';
import type { Answer, Api } from './api.ts';
import { listPage, type Page } from './listing.ts';
import { DECISIONS, type Reason } from './words.ts';

export interface Task extends OfRun {
  readonly key: string;
  readonly reason: Reason;
  readonly version: number;
  readonly attempt: number;
  readonly at: string;
  readonly error: string | null;
}

export interface ToDo {
  /** Those that ask first. */
  readonly tasks: readonly Task[];
  readonly asking: Omit<Page, 'items'>;
  /** Whether all was looked at. Otherwise, there may be more than these tasks, and nobody may say that there is none. */
  readonly isAll: boolean;
}

const TROUBLES = ['failed', 'exhausted', 'run_died'] as const;
/** So many of the newest events of each kind are looked at, and so many keys shown. */
const LOOKED_AT = 5;
const SHOWN = 3;

/** The keys that ask, and of those with trouble lately the newest that are still in it. */
export async function loadToDo(api: Api): Promise<Answer<ToDo>> {
  const asking = await listPage(api, { prefix: '', status: 'unresolved' }, null);
  if ('failure' in asking) return asking;
  const told: EventItem[] = [];
  let isAll = asking.body.cursor === null;
  for (const type of TROUBLES) {
    const events = await api.events({ type, limit: LOOKED_AT });
    if ('failure' in events) return events;
    told.push(...events.body.items);
    if (events.body.items.length === LOOKED_AT) isAll = false;
  }
  const { items, ...page } = asking.body;
  const tasks: Task[] = items.map(({ expires_at: at, ...item }) => ({
    ...item,
    at,
    reason: 'asks',
    error: null,
  }));
  const ofKeys = Map.groupBy(told.sort(newestFirst), ({ key }) => key);
  for (const [key, [event]] of ofKeys) {
    if (event === undefined) break;
    if (tasks.length - items.length === SHOWN) {
      isAll = false;
      break;
    }
    const status = await api.status(key);
    if ('failure' in status) {
      if (status.failure.kind === 'not_found') continue;
      return status;
    }
    const reason = troubleOf(status.body);
    const { version, attempt, error_code: error } = status.body;
    if (reason !== null) tasks.push({ ...event, reason, version, attempt, error });
  }
  return { body: { tasks, asking: page, isAll } };
}

const newestFirst = (one: EventItem, other: EventItem): number => (one.at < other.at ? 1 : -1);

function troubleOf({
  status,
  unresolved,
  exhausted,
  ttl_left: left,
  error_code: error,
}: KeyStatus): Reason | null {
  if (unresolved) return null;
  if (exhausted) return 'exhausted';
  if (status === 'failed') return error?.startsWith(DECISIONS.failed.reason) ? null : 'failed';
  return status === 'in_progress' && left === 0 ? 'died' : null;
}
