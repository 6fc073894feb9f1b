import type { Clock } from '../../clock.ts';
import type { AnswerOf, CallName, RequestOf } from '../shared/requests.ts';
import type { Disk } from './disk.ts';
import type { EventBuffer } from './event-buffer.ts';
import type { KEY_KINDS } from './key-lane.ts';
import type { Session, Tx } from './session.ts';
import type { KnownTenants } from './tenants.ts';
import type { StoreTime } from './time.ts';

export type DeskKind = Exclude<CallName, (typeof KEY_KINDS)[number]>;

/** A request's own transaction. */
export interface DeskTx extends Tx {
  readonly now: number;
  keepTime(): void;
}

export type Desk<K extends DeskKind> = {
  readonly [Kind in K]: (tx: DeskTx, request: RequestOf<Kind>) => Promise<AnswerOf<Kind>>;
};

export interface DeskOptions {
  readonly session: Session;
  readonly tenants: KnownTenants;
  readonly buffer: EventBuffer;
  readonly time: StoreTime;
  readonly disk: Disk;
  readonly eventDays: number;
  /** This server's. */
  readonly clock: Clock;
}
