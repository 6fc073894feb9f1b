import { StoreUnavailable } from '../claims/store.ts';
import type { ApiKey } from '../api-keys.ts';
import type { Finding } from './store.ts';

/** A store that is only looked at: nothing is made, brought to a newer schema, or written. */
export interface StoreLook {
  apiKeys(): Promise<readonly ApiKey[]>;
  /** Whether it can be written, how it is set, of which version it is. */
  inspect(): Promise<readonly Finding[]>;
  close(): Promise<void>;
}

/** There is none where the URL leads: no server has ever used it. */
export class NoStore extends StoreUnavailable {
  constructor(where: string) {
    super(
      `${where} Is ONCEONLY_STORE right, and the folder that you are in? The server makes a store when it starts.`,
    );
  }
}

export function olderVersion(version: number, current: number): Finding {
  return {
    what: `This store is of an older version (schema ${version}, this program's is ${current}); the server's next start upgrades it.`,
    ok: true,
    remedy: null,
  };
}
