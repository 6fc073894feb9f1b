import type { Clock } from '../../clock.ts';
import type { AnswerOf, CallName, RequestOf } from '../shared/requests.ts';
import type { KeyKind } from '../shared/claim-handlers.ts';
import type { BatchOptions } from './batches.ts';
import type { Tx } from './connection.ts';

export type HandledKind = Exclude<CallName, KeyKind>;

/** The transaction of one request. */
export interface RequestTx extends Tx {
  readonly now: number;
  keepTime(): void;
}

export type Handlers<K extends HandledKind> = {
  readonly [Kind in K]: (tx: RequestTx, request: RequestOf<Kind>) => Promise<AnswerOf<Kind>>;
};

export interface RequestOptions extends BatchOptions {
  readonly eventDays: number;
  /** The clock of this server. */
  readonly clock: Clock;
}
