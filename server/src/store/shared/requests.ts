import type * as commands from '../../claims/commands.ts';
import type { DayCount, EventQuery, JobCounts, JobQuery, KeyEvent } from '../../claims/events.ts';
import type * as hooks from '../../hooks/hook-store.ts';
import type { Finding } from '../store.ts';
import type { ApiKey } from '../../api-keys.ts';
import type { KeyPage, ListQuery, Usage } from '../../claims/claim-store.ts';

/** All requests to a store, with the types of their answers. All values can be sent as JSON. */
export interface Calls {
  claim: [commands.Claim, commands.ClaimOutcome];
  lock: [commands.Lock, commands.LockOutcome];
  complete: [commands.Complete, commands.FinishOutcome];
  fail: [commands.Fail, commands.FinishOutcome];
  failRun: [commands.FailRun & RunStep, commands.FailRunOutcome & { readonly next: string | null }];
  extend: [commands.Extend, commands.FinishOutcome];
  cancel: [commands.Cancel, commands.FinishOutcome];
  resolve: [commands.Resolve, commands.ResolveOutcome];
  read: [commands.Read, commands.ReadOutcome];
  clearMark: [commands.ClearMark, commands.ClearMarkOutcome];
  list: [ListQuery & Kind<'list'>, KeyPage];
  usage: [Kind<'usage'> & { readonly tenant: string }, Usage];
  reportDeaths: [Kind<'reportDeaths'> & { readonly limit: number }, number];
  /** Answers whether this is the server that sweeps. */
  lead: [Kind<'lead'>, boolean];
  sweep: [SweepRequest & Kind<'sweep'>, SweepStep];
  check: [Kind<'check'>, StoreMoment];
  inspect: [Kind<'inspect'>, readonly Finding[]];
  createApiKey: [Omit<ApiKey, 'createdAt' | 'revokedAt'> & Kind<'createApiKey'>, ApiKey];
  findApiKey: [Kind<'findApiKey'> & { readonly hash: string }, ApiKey | null];
  findApiKeyById: [Kind<'findApiKeyById'> & { readonly id: string }, ApiKey | null];
  listApiKeys: [Kind<'listApiKeys'>, readonly ApiKey[]];
  revokeApiKey: [Kind<'revokeApiKey'> & { readonly id: string }, boolean];
  recentEvents: [EventQuery & Kind<'recentEvents'>, readonly KeyEvent[]];
  countEvents: [
    Kind<'countEvents'> & { readonly tenant: string; readonly fromDay: string; readonly toDay: string },
    readonly DayCount[],
  ];
  countJobs: [JobQuery & Kind<'countJobs'>, JobCounts];
  createHook: [hooks.NewHook & Kind<'createHook'>, Answer<'create'>];
  listHooks: [hooks.HookOwner & Kind<'listHooks'>, Answer<'list'>];
  removeHook: [Argument<'remove'> & Kind<'removeHook'>, Answer<'remove'>];
  listDeliveries: [Argument<'deliveries'> & Kind<'listDeliveries'>, Answer<'deliveries'>];
  /** Makes some of the deliveries of the events in the outbox. Answers whether there are more to make. */
  makeDeliveries: [Kind<'makeDeliveries'>, boolean];
  dueDeliveries: [hooks.DueQuery & Kind<'dueDeliveries'>, Answer<'due'>];
  settleDelivery: [Argument<'settle'> & Kind<'settleDelivery'>, null];
}

/** The requests about hooks and their deliveries. */
export type HookKind =
  | 'createHook'
  | 'listHooks'
  | 'removeHook'
  | 'listDeliveries'
  | 'makeDeliveries'
  | 'dueDeliveries'
  | 'settleDelivery';

/** What a sweep removes, in this order. */
export const SWEPT = ['claims', 'groups', 'locks', 'events', 'deliveries'] as const;
export type Swept = (typeof SWEPT)[number];

/** One step of a sweep. Each is a transaction of its own, so that claims are answered between them. */
export interface SweepRequest {
  readonly what: Swept;
  /** The number of the tenant (for events) or of the hook (for deliveries) at which the last step ended; 0 at the start. */
  readonly after: number;
  readonly limit: number;
}

export interface SweepStep {
  readonly removed: number;
  /** The `after` of the next step; null if this was the last one. */
  readonly next: number | null;
}

/** One step through the keys that a run holds. Each is a transaction of its own, so that other claims are answered between them. */
export interface RunStep {
  /** The `next` of the step before, empty at the start. After the last step, `next` is null. */
  readonly after: string;
  /** The most keys of this step. */
  readonly limit: number;
}

type Argument<M extends keyof hooks.HookStore> = Parameters<hooks.HookStore[M]>[0];
type Answer<M extends keyof hooks.HookStore> = Awaited<ReturnType<hooks.HookStore[M]>>;

interface Kind<K extends string> {
  readonly kind: K;
}

/** The time of the store, and that of the database's clock, which it should follow. Null if the store follows the server's clock. */
export interface StoreMoment {
  readonly now: number;
  readonly clock: number | null;
}

export type CallName = keyof Calls;
export type RequestOf<K extends CallName> = Calls[K][0];
export type AnswerOf<K extends CallName> = Calls[K][1];
export type Request = RequestOf<CallName>;

/** Sends a request to the store. Rejects with a `StoreUnavailable` if there is no answer. */
export type Send = <K extends CallName>(kind: K, fields: Omit<RequestOf<K>, 'kind'>) => Promise<AnswerOf<K>>;

/** The reply to one request of a batch; `unavailable` says why it has no answer. */
export type Reply = { readonly answer: AnswerOf<CallName> } | { readonly unavailable: string };
