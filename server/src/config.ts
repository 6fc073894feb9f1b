import ipaddr from 'ipaddr.js';
import { readApiKey, readBaseUrl } from '@onceonly/shared';
import { withoutPassword } from './store/store.ts';

/** The settings of a server. */
export interface Config {
  readonly host: string;
  readonly port: number;
  /** `sqlite:PATH`, `postgres://USER:PASSWORD@HOST/DATABASE`, or `redis://…` or `rediss://…` */
  readonly store: string;
  readonly logLevel: (typeof LOG_LEVELS)[number];
  /** How many requests one API key may send in a minute; 0: no limit. */
  readonly rateLimitPerMinute: number;
  /** How many days events are kept. */
  readonly eventDays: number;
  /** Whether hooks may send to this machine and to private networks. */
  readonly hookPrivateAddresses: boolean;
  /** The addresses and networks whose `X-Forwarded-For` is trusted. */
  readonly trustedProxies: readonly string[];
  /** Who may read `/metrics`. With `off`, nothing is measured. */
  readonly metrics: (typeof METRICS_READERS)[number];
}

const METRICS_READERS = ['operator', 'open', 'off'] as const;
const LOG_LEVELS = ['silent', 'fatal', 'error', 'warn', 'info', 'debug', 'trace'] as const;

interface Setting<Value> {
  /** The name of the environment variable. */
  readonly name: string;
  readonly default: string;
  /** What is allowed, in words that follow “it must be”. */
  readonly allowed: string;
  /** One sentence for the person who runs the server. */
  readonly help: string;
  /** Returns undefined if the text is not allowed. */
  readonly parse: (text: string) => Value | undefined;
}

/** All environment variables of the server. */
export const SETTINGS: { readonly [Name in keyof Config]: Setting<Config[Name]> } = {
  host: {
    name: 'ONCEONLY_HOST',
    default: '127.0.0.1',
    allowed: 'a host name or an IP address',
    help: 'The address that the server listens at. 0.0.0.0 is every address of the machine: only behind a proxy with TLS.',
    parse: (text) => (/^[\w.:%-]+$/.test(text) ? text : undefined),
  },
  port: {
    name: 'ONCEONLY_PORT',
    default: '8787',
    allowed: 'a whole number from 0 to 65535 (0 takes any free port)',
    help: 'The port that the server listens at.',
    parse: (text) => wholeNumber(text, 65_535),
  },
  store: {
    name: 'ONCEONLY_STORE',
    default: 'sqlite:./data/claims.db',
    allowed: 'sqlite: and the path of a file, or the postgres://, redis:// or rediss:// URL of a database',
    help: 'Where the server keeps claims and API keys: in a file, or in Postgres or Redis, which several servers can share.',
    parse: (text) => (/^(sqlite:|postgres(ql)?:\/\/|rediss?:\/\/)[^\0]+$/.test(text) ? text : undefined),
  },
  logLevel: {
    name: 'ONCEONLY_LOG_LEVEL',
    default: 'info',
    allowed: `one of ${LOG_LEVELS.join(', ')}`,
    help: 'The least severe log lines that the server writes, as JSON, to the standard output. Single requests are logged at debug.',
    parse: (text) => LOG_LEVELS.find((level) => level === text),
  },
  rateLimitPerMinute: {
    name: 'ONCEONLY_RATE_LIMIT',
    default: '60000',
    allowed: 'a whole number from 0 to 10000000',
    help: 'How many requests a minute one API key may send. Each item of a batch counts as one. Requests that end or extend a claim are not limited. 0 is no limit.',
    parse: (text) => wholeNumber(text, 10_000_000),
  },
  eventDays: {
    name: 'ONCEONLY_EVENT_DAYS',
    default: '30',
    allowed: 'a whole number from 1 to 400',
    help: 'For how many days the server keeps the history of keys.',
    parse: (text) => (Number(text) === 0 ? undefined : wholeNumber(text, 400)),
  },
  hookPrivateAddresses: {
    name: 'ONCEONLY_HOOK_PRIVATE_ADDRESSES',
    default: 'refuse',
    allowed: 'refuse or allow',
    help: 'Whether hooks may lead to this machine and to private networks. With allow, whoever has an API key can reach what is there.',
    parse: (text) => (text === 'allow' ? true : text === 'refuse' ? false : undefined),
  },
  trustedProxies: {
    name: 'ONCEONLY_TRUSTED_PROXIES',
    default: 'none',
    allowed: 'none, or IP addresses and networks such as 10.0.0.0/8, with commas between them',
    help: 'The addresses of the proxies in front of the server. Only their X-Forwarded-For is believed, by which unknown API keys are limited.',
    parse: (text) => (text === 'none' ? [] : networks(text)),
  },
  metrics: {
    name: 'ONCEONLY_METRICS',
    default: 'operator',
    allowed: `one of ${METRICS_READERS.join(', ')}`,
    help: 'Who may read the numbers for Prometheus, at /metrics. operator: with an operator key; open: all; off: no one.',
    parse: (text) => METRICS_READERS.find((readers) => readers === text),
  },
};

/** A setting has a value that is not allowed. The message names the variable, its value without a password, and what is allowed. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

/**
 * Reads the environment. A variable that is missing or empty has its default.
 * @throws {ConfigError} if a value is not allowed.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const read = <Value>(setting: Setting<Value>): Value => {
    const given = env[setting.name]?.trim() ?? '';
    const text = given === '' ? setting.default : given;
    const value = setting.parse(text);
    if (value !== undefined) return value;
    throw new ConfigError(
      `${setting.name} is “${withoutPassword(text)}”, but it must be ${setting.allowed}.`,
    );
  };
  return {
    host: read(SETTINGS.host),
    port: read(SETTINGS.port),
    store: read(SETTINGS.store),
    logLevel: read(SETTINGS.logLevel),
    rateLimitPerMinute: read(SETTINGS.rateLimitPerMinute),
    eventDays: read(SETTINGS.eventDays),
    hookPrivateAddresses: read(SETTINGS.hookPrivateAddresses),
    trustedProxies: read(SETTINGS.trustedProxies),
    metrics: read(SETTINGS.metrics),
  };
}

/** Variables of others: of commands that ask a server, of the guard, and of compose.yaml. */
const NO_SETTINGS = new Set(['ONCEONLY_URL', 'ONCEONLY_API_KEY', 'ONCEONLY_GUARD_TOKEN', 'ONCEONLY_DOMAIN']);

/** A sentence for each variable that looks like a setting and is none: with a misspelt ONCEONLY_STORE, another store is used. */
export function misspeltSettings(env: Readonly<Record<string, string | undefined>>): readonly string[] {
  const known = new Set(Object.values(SETTINGS).map(({ name }) => name));
  return Object.keys(env)
    .filter((name) => name.startsWith('ONCEONLY_') && !known.has(name) && !NO_SETTINGS.has(name))
    .map(
      (name) =>
        `${name} is no setting of the server, and has no effect. “onceonly-server start --help” lists all.`,
    );
}

/** The server to which commands connect as clients. */
export interface Service {
  /** Without `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
}

export const SERVICE_SETTINGS = {
  baseUrl: {
    name: 'ONCEONLY_URL',
    default: 'http://127.0.0.1:8787',
    help: 'The address of your OnceOnly server, or of the hosted service.',
  },
  apiKey: {
    name: 'ONCEONLY_API_KEY',
    default: '',
    help: 'The API key for it: made by “api-keys create”, or copied from your OnceOnly account.',
  },
} as const;

/** @throws {ConfigError} if the address or the key cannot be used. The message never contains the key. */
export function readService(env: Readonly<Record<string, string | undefined>>): Service {
  const { baseUrl, apiKey } = SERVICE_SETTINGS;
  // Plain http is common within private networks.
  const entered = env[baseUrl.name]?.trim() ?? '';
  const base = readBaseUrl(entered === '' ? baseUrl.default : entered, { http: true });
  if ('problem' in base) throw new ConfigError(`${base.problem} It is read from ${baseUrl.name}.`);
  const key = readApiKey(env[apiKey.name]);
  if ('problem' in key) throw new ConfigError(`${key.problem} It is read from ${apiKey.name}.`);
  return { baseUrl: base.url, apiKey: key.apiKey };
}

function networks(text: string): readonly string[] | undefined {
  const all = text.split(',').map((each) => each.trim());
  // A network of everybody would be no proxy's: whoever calls could say to be anybody.
  const isNetwork = (each: string): boolean => ipaddr.isValidCIDR(each) && !each.endsWith('/0');
  return all.every((each) => ipaddr.isValid(each) || isNetwork(each)) ? all : undefined;
}

function wholeNumber(text: string, max: number): number | undefined {
  return /^\d{1,9}$/.test(text) && Number(text) <= max ? Number(text) : undefined;
}
