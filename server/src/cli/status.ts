import type { Command } from 'commander';
import { plural } from '../plural.ts';
import { askingServer, openApi, type Api, type ServerOptions } from './api.ts';
import { claimedKeys } from './claimed-keys.ts';
import { CommandFailed, EXIT } from './failure.ts';
import { type Terminal, json } from './terminal.ts';
import { facts } from './output.ts';

interface Me {
  readonly tenant: string;
  readonly role: string;
  readonly key_id: string;
  readonly durability: string;
}

interface Used {
  readonly usage: number;
}

interface Usage {
  readonly period: string;
  readonly make: Used;
  readonly ai: Used;
}

interface Days {
  readonly items: readonly { readonly counts: Readonly<Record<string, number>> }[];
}

/** The highest number to which undecided keys are counted. */
const COUNTED = 500;

export function statusCommand(program: Command, terminal: Terminal): void {
  askingServer(program.command('status'))
    .description('Says whether a server is ready, what came of claims today, and what waits for a decision.')
    .addHelpText('after', '\nExample:\n  ONCEONLY_API_KEY=once_live_… onceonly-server status')
    .action(async (options: ServerOptions) => {
      const api = openApi(options, terminal);
      const ready = await api.isReady();
      if (ready === false) {
        const sentence = `The server at ${api.url} runs, but its store takes no claims now. Its log says why.`;
        throw new CommandFailed(sentence, EXIT.unavailable);
      }
      const { me, usage, today, unresolved } = await read(api);
      if (options.json) {
        const used = { month: usage.period, leases: usage.ai.usage, locks: usage.make.usage };
        const status = { url: api.url, ready, ...me, usage: used, today, unresolved };
        terminal.out(json(status, 2));
        return;
      }
      const happened = Object.entries(today).map(
        ([type, count]) => `${type} ${count.toLocaleString('en-US')}`,
      );
      terminal.out(
        facts([
          [
            'Server',
            `${api.url}, ${ready === null ? 'which answers; whether it is ready, /readyz tells inside' : 'ready'}`,
          ],
          ['Store', me.durability],
          ['API key', `${me.key_id} of the tenant ${me.tenant}, role ${me.role}`],
          ['This month', `${plural(usage.ai.usage, 'claim')}, ${plural(usage.make.usage, 'lock')}`],
          ['Today (UTC)', happened.length === 0 ? 'nothing yet' : happened.join(', ')],
          ['To decide', undecided(unresolved)],
        ]),
      );
    });
}

async function read(api: Api) {
  const now = new Date().toISOString().slice(0, 10);
  const [me, usage, days] = await Promise.all([
    api.get<Me>('/v1/me', 'tenant'),
    api.get<Usage>('/v1/usage/all', 'ai'),
    api.get<Days>('/v1/metrics', 'items', { from_day: now, to_day: now }),
  ]);
  if (me === null || usage === null || days === null) {
    throw new CommandFailed(`What answers at ${api.url} is not this server's API.`);
  }
  const { tenant, role, key_id, durability } = me;
  const unresolved =
    role === 'operator'
      ? (await claimedKeys(api, { status: 'unresolved', limit: COUNTED })).items.length
      : null;
  return { me: { tenant, role, key_id, durability }, usage, today: days.items[0]?.counts ?? {}, unresolved };
}

function undecided(count: number | null): string {
  if (count === null) return 'only an operator key can tell';
  if (count === 0) return 'nothing';
  const keys = count === COUNTED ? `${plural(count, 'key')} or more` : plural(count, 'key');
  return `${keys}: onceonly-server keys --status unresolved`;
}
