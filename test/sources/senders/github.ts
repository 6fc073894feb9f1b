import { sign, verify } from '@octokit/webhooks-methods';
import { createRequire } from 'node:module';
import { idOf, type Sender } from './sender.ts';

interface Examples {
  readonly name: string;
  readonly examples: readonly object[];
}

const SECRET = "It's a Secret to Everybody";
/** Real payloads, the first of each of twenty types of event. */
const events = (createRequire(import.meta.url)('@octokit/webhooks-examples') as readonly Examples[])
  .slice(0, 20)
  .map(({ name, examples }) => ({ name, payload: examples[0] }));

const bodies = new Map<string, string>();
/** Signed ahead, since the library signs with a promise. */
export async function openGithub(): Promise<Sender> {
  const bodyOf = (event: number, attempt: number): string => {
    const payload = events[event]?.payload ?? {};
    // What another hook on the same event, an app's, is told besides.
    return JSON.stringify(attempt === 2 ? { ...payload, installation: { id: 7 } } : payload);
  };
  for (const [event] of events.entries()) {
    for (const attempt of [0, 1, 2]) {
      const body = bodyOf(event, attempt);
      bodies.set(body, await sign(SECRET, body));
    }
  }
  return {
    source: 'github',
    events,
    secret: SECRET,
    deliver: (event, attempt) => {
      const payload = bodyOf(event, attempt);
      const headers = {
        'X-GitHub-Delivery': `72d3162e-cc78-11e3-81ab-${idOf('', event, 12)}`,
        'X-GitHub-Event': events[event]?.name ?? '',
        'X-GitHub-Hook-ID': attempt === 2 ? '292430183' : '292430182',
        'X-Hub-Signature-256': bodies.get(payload) ?? '',
      };
      return { payload, headers };
    },
    // The library throws where there is no signature.
    accepts: ({ payload, headers }, secret) =>
      verify(secret, payload, headers['X-Hub-Signature-256'] ?? '').catch(() => false),
  };
}
