import {
  deriveKeys,
  type DerivedKey,
  type DeriveOptions,
  type Json,
  type JsonObject,
} from '@onceonly/shared';
import { DERIVATION, DERIVATIONS } from '@onceonly/shared/sources/derive.ts';
import { isObject } from '@onceonly/shared/json.ts';
import { openWorld, sqlite } from '../world.ts';

/** What each delivery is given with: a job, and the version by which its keys are made. */
export const COMMON = { derivation: DERIVATION, job: 'send invoice' } as const;

export interface Derive {
  /** The keys of a delivery, as `POST /v1/keys/derive` takes it, by the app and by the server. */
  readonly make: (given: JsonObject) => Promise<JsonObject>;
  close(): Promise<void>;
}

export async function createDerive(): Promise<Derive> {
  const world = await openWorld(sqlite);

  /** As Make asks it: headers as a list, the body as it came. */
  async function byServer(given: JsonObject, text: string): Promise<Json> {
    const headers = Object.entries(isObject(given['headers']) ? given['headers'] : {});
    const response = await fetch(`${world.baseUrl}/v1/keys/derive`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        ...given,
        headers: headers.map(([name, value]) => ({ name: name.toLowerCase(), value })),
        payload: text,
      }),
    });
    const told = (await response.json()) as Derivation;
    return response.ok ? shown(told) : { refused: response.status };
  }

  return {
    async make({ derivation, ...given }) {
      // Each by its own version; there is one so far.
      expect(DERIVATIONS).toContain(derivation);
      const { payload, headers } = given;
      const text = typeof payload === 'string' ? payload : JSON.stringify(payload);
      const app = deriveKeys({ headers, payload: text }, optionsOf(given));
      return {
        client: 'field' in app ? { refused: app.message } : shown(app),
        server: await byServer(given, text),
      };
    },
    close: () => world.close(),
  };
}

interface Derivation {
  readonly source: string;
  readonly keys: readonly DerivedKey[];
}

const shown = ({ source, keys }: Derivation): Json => ({
  source,
  keys: keys.map(({ key, fingerprint }) => ({ key, fingerprint })),
});

const optionsOf = ({ job, source, fields, leave_out: leaveOut }: JsonObject): DeriveOptions =>
  ({ job, source, fields, leaveOut }) as DeriveOptions;
