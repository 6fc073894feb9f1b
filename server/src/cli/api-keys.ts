import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { createApiKey, type ApiKey, type Role } from '../api-keys.ts';
import { type Store, NoStore, type ReadOnlyStore, withoutPassword } from '../store/store.ts';
import { readConfig } from '../config.ts';
import { openReadOnly, openStore } from '../store/open.ts';
import { type Terminal, json as jsonText, quoted } from './terminal.ts';
import { table } from './output.ts';

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
        'automation: for workflows and their triggers; operator: also to see keys and decide what comes of them',
      )
        .choices(['automation', 'operator'])
        .default('automation'),
    )
    .addHelpText('after', '\nExample:\n  onceonly-server api-keys create --tenant acme --role automation')
    .action(async ({ tenant, role }: { tenant: string; role: Role }) => {
      const { store: url } = readConfig(terminal.env);
      const none = await readOnly(terminal, () => Promise.resolve(null)).catch(noStore);
      const { secret, apiKey } = await withStore(url, (store) =>
        createApiKey(store.apiKeys, { tenant, role }),
      );
      if (none !== null) {
        terminal.err(
          `A new store was made: ${none.message} A server that uses another one will not know this key.\n`,
        );
      }
      terminal.err(
        `Made ${apiKey.id} for the tenant ${tenant}, role ${role}, in the store ${placeOf(url)}. Keep it safe; it is shown only now:\n`,
      );
      terminal.out(`${secret}\n`);
    });

  keys
    .command('list')
    .description('Lists the API keys, without the keys themselves.')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  onceonly-server api-keys list --json')
    .action(async ({ json }: { json?: boolean }) => {
      const all = (await readOnly(terminal, (store) => store.apiKeys())).map(shown);
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
      // This fails if there is no store, so that none is created only to find nothing in it.
      await readOnly(terminal, () => Promise.resolve());
      const found = await withStore(readConfig(terminal.env).store, (store) => store.apiKeys.revoke(id));
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

async function readOnly<T>(terminal: Terminal, use: (store: ReadOnlyStore) => Promise<T>): Promise<T> {
  const store = await openReadOnly(readConfig(terminal.env).store, Date.now);
  try {
    return await use(store);
  } finally {
    await store.close();
  }
}

function noStore(error: unknown): NoStore {
  if (error instanceof NoStore) return error;
  throw error;
}

/** The store with the absolute path of its file, without a password. */
function placeOf(url: string): string {
  return url.startsWith('sqlite:') ? `sqlite:${resolve(url.slice('sqlite:'.length))}` : withoutPassword(url);
}

async function withStore<T>(url: string, use: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(url, { clock: Date.now, advancesTime: false });
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
