import { StoreUnavailable } from '../../claims/claim-store.ts';

/** The address of a Redis, and the prefix of the names of our keys. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly db: number;
  readonly tls: boolean;
  readonly prefix: string;
}

const DEFAULT_PREFIX = 'onceonly';
const SHAPE = 'redis://[USER:PASSWORD@]HOST[:PORT][/DATABASE][?prefix=NAME], or rediss:// with TLS';

/**
 * Parses `redis://…` or `rediss://…`.
 * @throws {StoreUnavailable} if it is not valid, with a sentence that does not contain the password.
 */
export function parseAddress(url: string): Address {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const prefix = parsed?.searchParams.get('prefix') ?? DEFAULT_PREFIX;
  const [, db = '0'] = /^\/?(\d{1,4})?$/.exec(parsed?.pathname ?? '-') ?? ['', 'x'];
  if (parsed === undefined || parsed.hostname === '' || db === 'x') {
    throw new StoreUnavailable(`ONCEONLY_STORE is no address of a Redis; it has to be ${SHAPE}.`);
  }
  if (!/^[\w.-]{1,64}$/.test(prefix)) {
    throw new StoreUnavailable(
      `ONCEONLY_STORE: prefix is “${prefix}”; it must be 1 to 64 letters, digits, dots, underscores or hyphens.`,
    );
  }
  return {
    host: parsed.hostname.replace(/^\[(.*)\]$/, '$1'),
    port: parsed.port === '' ? 6_379 : Number(parsed.port),
    username: decoded(parsed.username) || undefined,
    password: decoded(parsed.password) || undefined,
    db: Number(db),
    tls: parsed.protocol === 'rediss:',
    prefix,
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new StoreUnavailable('ONCEONLY_STORE: a percent sign in a user or password has to be written %25.');
  }
}
