import { additions } from './additions.ts';
import {
  Deviation,
  NotAnswered,
  openServer,
  type ServerUnderTest,
  type Promised,
} from './server-under-test.ts';
import { hosted } from './hosted.ts';

/**
 * `not supported`: the server does not list this addition. `not tried`: it is not known, because an operator key is needed, or
 * because there was no answer.
 */
export type Verdict = 'holds' | 'deviates' | 'not supported' | 'not tried';

export interface Finding {
  readonly part: 'hosted' | 'addition';
  readonly call: string;
  readonly says: string;
  readonly verdict: Verdict;
  /** Why the verdict is not `holds`; null if it is. */
  readonly reason: string | null;
}

/** How many promises are checked at the same time. */
const AT_ONCE = 6;

/**
 * Checks every promise of the contract on a server. It uses keys of a job of its own, and gives up those that are still claimed at
 * the end. It takes at most half a minute. Throws a `NotAnswered` if the server does not answer at all.
 */
export async function playContract(url: string, apiKey: string): Promise<readonly Finding[]> {
  const server = openServer(url, apiKey);
  const me = (await server.get('/v1/me')).body ?? {};
  const has = new Set(Array.isArray(me['capabilities']) ? me['capabilities'] : []);
  const rows = [
    ...hosted.map((promised) => ({ part: 'hosted' as const, promised })),
    ...additions.map((promised) => ({ part: 'addition' as const, promised })),
  ];
  const findings: Finding[] = [];
  const queue = rows.entries();
  const work = async (): Promise<void> => {
    for (const [index, { part, promised }] of queue) {
      const { call, says } = promised;
      findings[index] = { part, call, says, ...(await judge(promised, server, has, me['role'])) };
    }
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  } finally {
    await server.giveUpAll();
  }
  return findings;
}

type Judged = Pick<Finding, 'verdict' | 'reason'>;

async function judge(
  promised: Promised,
  server: ServerUnderTest,
  has: ReadonlySet<unknown>,
  role: unknown,
): Promise<Judged> {
  const { capability, operator } = promised;
  if (capability !== undefined && !has.has(capability)) {
    return { verdict: 'not supported', reason: `GET /v1/me does not name “${capability}”.` };
  }
  if (operator === true && role !== 'operator') {
    return { verdict: 'not tried', reason: 'It takes an operator key.' };
  }
  try {
    await promised.check(server);
    return { verdict: 'holds', reason: null };
  } catch (error) {
    if (error instanceof Deviation) return { verdict: 'deviates', reason: error.message };
    if (error instanceof NotAnswered) return { verdict: 'not tried', reason: error.message };
    throw error;
  }
}
