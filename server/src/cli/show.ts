import type { Command } from 'commander';
import { askingServer, openApi, type Api, type ServerOptions } from './api.ts';
import { statusOf } from './claimed-keys.ts';
import { eventLine, type ShownEvent, facts } from './output.ts';
import { CommandFailed, EXIT } from './failure.ts';
import { type Terminal, escapedJson, json, quoted } from './terminal.ts';

/** A key as `/v1/ai/status` shows it. */
export interface SeenKey {
  readonly status: string;
  readonly key: string;
  readonly version: number;
  readonly attempt: number;
  readonly ttl_left: number | null;
  readonly first_seen_at: string;
  readonly expires_at: string | null;
  readonly done_at: string | null;
  readonly error_code: string | null;
  readonly exhausted: boolean;
  readonly unresolved: boolean;
}

/** How many of the newest events of the key are shown. */
const EVENTS = 1_000;

export function showCommand(program: Command, terminal: Terminal): void {
  askingServer(program.command('show'))
    .argument('<key>', 'the whole key, with its job')
    .description('Shows what came of a key: its state, its result, and what happened to it lately.')
    .addHelpText('after', '\nExample:\n  onceonly-server show send-invoice:evt_1N3T00LkdIwHu7ix')
    .action(async (key: string, options: ServerOptions) => {
      const api = openApi(options, terminal);
      const seen = await seeKey(api, key);
      const [result, history] = await Promise.all([resultOf(api, key), historyOf(api, key)]);
      if (options.json) {
        const shown = json({ ...seen, result: null, history }, 2);
        terminal.out(shown.replace(/^ {2}"result": null/m, () => `  "result": ${escapedJson(result)}`));
        return;
      }
      terminal.out(keyFacts(seen, result));
      terminal.out(
        `\nWhat happened lately, the newest last:\n${history.map((event) => `  ${eventLine(event)}`).join('')}`,
      );
    });
}

/** @throws {CommandFailed} if there is no such key. */
export async function seeKey(api: Api, key: string): Promise<SeenKey> {
  const seen = await api.get<SeenKey>('/v1/ai/status', 'key', { key });
  if (seen !== null) return seen;
  throw new CommandFailed(
    `There is no key ${quoted(key)}: it was never claimed, was released, or is forgotten. “onceonly-server keys --prefix” finds keys.`,
    EXIT.notFound,
  );
}

/** Describes a key for people. The JSON text of the `result` is left out if it is `null`. */
export function keyFacts(seen: SeenKey, result = 'null'): string {
  const { status, version, attempt, first_seen_at, expires_at, done_at, error_code } = seen;
  const rows: (readonly [string, string])[] = [
    ['Key', seen.key],
    ['Status', MEANING[statusOf(seen)] ?? status],
    ['Attempt', String(attempt)],
    ['Version', String(version)],
    ['First seen', first_seen_at],
  ];
  if (expires_at !== null)
    rows.push([(seen.ttl_left ?? 0) > 0 ? 'Held until' : 'Was held until', expires_at]);
  if (done_at !== null) rows.push(['Ended', done_at]);
  if (error_code !== null) rows.push(['Error', error_code]);
  if (result !== 'null') rows.push(['Result', result]);
  return facts(rows);
}

const MEANING: Readonly<Record<string, string>> = {
  in_progress: 'in_progress: a run has claimed it and has not said how it ended',
  unresolved: 'unresolved: its run died, and a person must decide (onceonly-server resolve)',
  completed: 'completed: every later run of the same event stops',
  failed: 'failed',
  exhausted: 'exhausted: it failed as often as it may, and is not tried again',
};

/** The JSON text of the result, as it was sent; `null` if there is none. */
async function resultOf(api: Api, key: string): Promise<string> {
  return (await api.getText('/v1/ai/result', 'result', { key })) ?? 'null';
}

async function historyOf(api: Api, key: string): Promise<readonly ShownEvent[]> {
  const events = await api.get<{ items: readonly ShownEvent[] }>('/v1/events', 'items', {
    key,
    limit: EVENTS,
  });
  return (events?.items ?? []).toReversed();
}
