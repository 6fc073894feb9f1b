import { setTimeout as pause } from 'node:timers/promises';
import type { Rest } from './rest.ts';

export interface Execution {
  readonly id: string;
  /** `success`, `error`, `crashed`, `running`, `new`, `waiting`, `canceled` */
  readonly status: string;
  readonly finished: boolean;
  /** ISO-8601; null as long as it waits for its turn. */
  readonly startedAt: string | null;
}

/** What one run of one node left behind. */
export interface NodeRun {
  readonly executionStatus: string;
  readonly error?: { readonly message: string; readonly description?: string };
  readonly hints?: readonly { readonly message: string }[];
  /** By connection type; outputs, then items. */
  readonly data?: Readonly<Record<string, readonly (readonly Item[] | null)[]>>;
}

export interface Item {
  readonly json: Readonly<Record<string, unknown>>;
  readonly binary?: Readonly<Record<string, unknown>>;
  readonly error?: unknown;
}

export interface ResultData {
  readonly error?: { readonly message: string; readonly description?: string };
  readonly lastNodeExecuted?: string;
  /** By the node's name; one for each time that it ran. */
  readonly runData: Readonly<Record<string, readonly NodeRun[]>>;
}

export interface Executions {
  /** The id of a workflow's newest execution, or 0. */
  newest(workflowId: string): Promise<number>;
  /** Those after an id, once there are so many and none is under way; the newest first. */
  settled(workflowId: string, count: number, after?: number): Promise<readonly Execution[]>;
  /** What each node of an execution did. */
  data(id: string): Promise<ResultData>;
  /** As the button in n8n's list of executions does it; answers the new execution's id. */
  retry(id: string): Promise<string>;
}

const UNDER_WAY = ['new', 'running', 'waiting'];
interface Page {
  readonly results: readonly Execution[];
}

const PAGE = 100;
const PATIENCE_MS = 300_000;

/** `parse` reads what n8n wrote. */
export function executionsOf(rest: () => Rest, parse: (text: string) => unknown): Executions {
  /**
   * The newest, in pages as large as n8n allows. Its own cursor is of ids, and its order of times of start: between two
   * pages it loses those that were made in another order than they were started in.
   */
  async function list(workflowId: string, count: number): Promise<readonly Execution[]> {
    const all = new Map<string, Execution>();
    let startedBefore: string | undefined;
    for (;;) {
      const filter = JSON.stringify({ workflowId, startedBefore });
      const known = all.size;
      const { results } = await rest().get<Page>('/executions', { filter, limit: Math.min(count, PAGE) });
      for (const each of results) all.set(each.id, each);
      startedBefore = results.findLast(({ startedAt }) => startedAt !== null)?.startedAt ?? undefined;
      if (all.size >= count || all.size === known || results.length < PAGE) return [...all.values()];
    }
  }
  return {
    newest: async (workflowId) => Number((await list(workflowId, 1))[0]?.id ?? 0),
    settled: async (workflowId, count, after = 0) => {
      const until = Date.now() + PATIENCE_MS;
      for (;;) {
        const all = (await list(workflowId, count + 1)).filter(({ id }) => Number(id) > after);
        if (all.length >= count && !all.some(({ status }) => UNDER_WAY.includes(status))) return all;
        if (Date.now() > until)
          throw new Error(`${workflowId} has not come to ${String(count)}, but to ${tally(all)}.`);
        // Many are not asked for often: it would keep n8n from running them.
        await pause(count > 10 ? 1_000 : 100);
      }
    },
    data: async (id) => {
      const { data } = await rest().get<{ data: string }>(`/executions/${id}`);
      return (parse(data) as { resultData: ResultData }).resultData;
    },
    retry: async (id) =>
      (await rest().post<{ id: string }>(`/executions/${id}/retry`, { loadWorkflow: false })).id,
  };
}

const tally = (all: readonly Execution[]): string =>
  Object.entries(Object.groupBy(all, ({ status }) => status))
    .map(([status, some = []]) => `${String(some.length)} ${status} (the last ${some[0]?.id ?? ''})`)
    .join(', ');
