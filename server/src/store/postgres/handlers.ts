import type { Clock } from '../../clock.ts';
import type { AnswerOf, CallName, RequestOf } from '../shared/requests.ts';
import type { Disk } from './disk.ts';
import type { EventBuffer } from './telling.ts';
import type { KEY_KINDS } from './batches.ts';
import type { Connection, Tx } from './connection.ts';
import type { KnownTenants } from './tenants.ts';
import type { StoreTime } from './time.ts';

export type HandledKind = Exclude<CallName, (typeof KEY_KINDS)[number]>;

/** A request's own transaction. */
export interface RequestTx extends Tx {
  readonly now: number;
  keepTime(): void;
}

export type Handlers<K extends HandledKind> = {
  readonly [Kind in K]: (tx: RequestTx, request: RequestOf<Kind>) => Promise<AnswerOf<Kind>>;
};

export interface RequestOptions {
  readonly connection: Connection;
  readonly tenants: KnownTenants;
  readonly buffer: EventBuffer;
  readonly time: StoreTime;
  readonly disk: Disk;
  readonly eventDays: number;
  /** This server's. */
  readonly clock: Clock;
}
