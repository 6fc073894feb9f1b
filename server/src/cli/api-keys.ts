import { InvalidArgumentError, Option, type Command } from 'commander';
import { createApiKey } from '../api-keys.ts';
import type { ApiKey, Role, Store } from '../claims/store.ts';
import { readConfig } from '../config.ts';
import { openStore } from '../store/open.ts';
import type { Terminal } from './main.ts';
import { json as jsonText, quoted } from './printable.ts';
import { table } from './table.ts';

export function apiKeysCommand(program: Command, terminal: Terminal): void {
  const keys = program
    .command('api-keys')
    .description('Makes, lists and revokes API keys in the store, also while a server runs.');

  keys
    .command('create')
    .description('Makes an API key and prints it, once: it is not kept anywhere.')
    .requiredOption('--tenant <name>', 'whose keys it claims; tenants never see each other', readTenant)
    .addOption(
      new Option(
        '--role <role>',
        'automation: for workflows and their triggers; operator: also looks through keys and decides about them',
      )
        .choices(['automation', 'operator'])
        .default('automation'),
    )
    .addHelpText('after', '\nExample:\n  onceonly-server api-keys create --tenant acme --role automation')
    .action(async ({ tenant, role }: { tenant: string; role: Role }) => {
      const { secret, apiKey } = await withStore(terminal, (store) =>
        createApiKey(store.apiKeys, { tenant, role }),
      );
      terminal.err(
        `Made ${apiKey.id} for the tenant ${tenant}, role ${role}. Keep it safe; it is shown only now:\n`,
      );
      terminal.out(`${secret}\n`);
    });

  keys
    .command('list')
    .description('Lists the API keys, without the keys themselves.')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  onceonly-server api-keys list --json')
    .action(async ({ json }: { json?: boolean }) => {
      const all = (await withStore(terminal, (store) => store.apiKeys.list())).map(shown);
      terminal.out(json ? jsonText(all, 2) : table(HEADER, all.map(row)));
      if (all.length === 0)
        terminal.err('There are no API keys yet; “onceonly-server api-keys create” makes one.\n');
    });

  keys
    .command('revoke')
    .argument('<id>', 'as “api-keys list” shows it')
    .description('Revokes an API key; servers refuse it within two seconds.')
    .addHelpText('after', '\nExample:\n  onceonly-server api-keys revoke key_AbCdEfGhIjKl')
    .action(async (id: string) => {
      const found = await withStore(terminal, (store) => store.apiKeys.revoke(id));
      if (found) {
        terminal.err(`Revoked ${id}.\n`);
        return;
      }
      terminal.err(
        `There is no API key ${quoted(id)}; “onceonly-server api-keys list” shows which there are.\n`,
      );
      process.exitCode = 1;
    });
}

async function withStore<T>(terminal: Terminal, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(readConfig(terminal.env).store, { clock: Date.now });
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

function readTenant(name: string): string {
  if (/^[\w.@-]{1,64}$/.test(name)) return name;
  throw new InvalidArgumentError('It is 1 to 64 letters, digits and the characters . _ - @.');
}

interface ShownKey {
  readonly id: string;
  readonly tenant: string;
  readonly role: Role;
  readonly created_at: string;
  readonly revoked_at: string | null;
}

function shown({ id, tenant, role, createdAt, revokedAt }: ApiKey): ShownKey {
  const iso = (at: number): string => new Date(at).toISOString();
  return {
    id,
    tenant,
    role,
    created_at: iso(createdAt),
    revoked_at: revokedAt === null ? null : iso(revokedAt),
  };
}

const HEADER = ['ID', 'TENANT', 'ROLE', 'CREATED', 'REVOKED'] as const;

function row(key: ShownKey): readonly string[] {
  return [key.id, key.tenant, key.role, key.created_at, key.revoked_at ?? '-'];
}
