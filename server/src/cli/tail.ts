import { Option, type Command } from 'commander';
import { setTimeout as pause } from 'node:timers/promises';
import { EVENT_TYPES } from '../claims/events.ts';
import { askingServer, openApi, type Api, type ServerOptions, wholeNumber } from './api.ts';
import { eventLine, type ShownEvent } from './output.ts';
import { CommandFailed, EXIT } from './failure.ts';
import { type Terminal, json as jsonText } from './terminal.ts';
import { trackUnseen } from './unseen-events.ts';

interface TailOptions extends ServerOptions {
  readonly type?: string;
  readonly job?: string;
  readonly lines: number;
}

const POLL_EVERY_MS = 1_000;
/** The size of a usual poll, and of a second one when everything in the first was new. */
const FEW = 100;
const MANY = 1_000;

export function tailCommand(program: Command, terminal: Terminal): void {
  askingServer(program.command('tail'))
    .description(
      'Shows what happens to keys, as it happens, until Ctrl+C; also while the server starts again.',
    )
    .addOption(new Option('--type <type>', 'only what happened in this way').choices(EVENT_TYPES))
    .option('--job <name>', 'only keys of this job')
    .option('-n, --lines <count>', 'of what happened before, so many at most', wholeNumber, 10)
    .addHelpText(
      'after',
      '\nWith --json, one event a line.\n\nExample:\n  onceonly-server tail --type run_died',
    )
    .action(async (options: TailOptions) => {
      const stop = new AbortController();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.once(signal, () => {
          stop.abort();
        });
      }
      await follow(openApi(options, terminal), options, terminal, stop.signal);
    });
}

async function follow(api: Api, options: TailOptions, terminal: Terminal, stop: AbortSignal): Promise<void> {
  const { type = null, job = null, lines, json } = options;
  const recent = async (limit: number): Promise<readonly ShownEvent[]> =>
    (await api.get<{ items: readonly ShownEvent[] }>('/v1/events', 'items', { limit, type, job }))?.items ??
    [];
  const unseen = trackUnseen();
  let isFirst = true;
  let isAway = false;

  async function poll(): Promise<void> {
    let { fresh, isCut } = unseen.in(await recent(FEW), FEW);
    if (isCut) ({ fresh, isCut } = unseen.in(await recent(MANY), MANY));
    if (isAway) terminal.err('The server answers again.\n');
    isAway = false;
    if (isCut) terminal.err('More happened than could be shown; what follows is the newest of it.\n');
    unseen.markSeen(fresh);
    const shown = isFirst ? fresh.slice(-Math.min(lines, fresh.length)) : fresh;
    isFirst = false;
    for (const event of shown) terminal.out(json ? jsonText(event) : eventLine(event));
  }

  while (!stop.aborted) {
    try {
      await poll();
    } catch (error) {
      // The server may be restarting. Any other failure, such as a refused key, is thrown.
      if (!(error instanceof CommandFailed) || error.exitCode !== EXIT.unavailable) throw error;
      if (!isAway) terminal.err(`${error.message} Trying again until it does …\n`);
      isAway = true;
    }
    await pause(POLL_EVERY_MS, undefined, { signal: stop }).catch(() => undefined);
  }
}
