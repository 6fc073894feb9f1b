import type * as commands from '../../claims/commands.ts';
import type { DayCount, EventQuery, JobCounts, JobQuery, KeyEvent } from '../../claims/events.ts';
import type * as hooks from '../../hooks/hook-store.ts';
import type { Finding } from '../store.ts';
import type { ApiKey } from '../../api-keys.ts';
import type { KeyPage, ListQuery, Usage } from '../../claims/claim-store.ts';

/** All that a store can be asked, with its answer. Every value survives JSON. */
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
  /** Whether this server is the one that sweeps. */
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
  dueDeliveries: [hooks.DueQuery & Kind<'dueDeliveries'>, Answer<'due'>];
  settleDelivery: [Argument<'settle'> & Kind<'settleDelivery'>, null];
}

/** What is past its time, in the order in which it is swept. */
export const SWEPT = ['claims', 'groups', 'locks', 'events', 'deliveries'] as const;
export type Swept = (typeof SWEPT)[number];

/** One step of a sweep: a transaction of its own, so that claims come in between. */
export interface SweepRequest {
  readonly what: Swept;
  /** Of events the tenant, of deliveries the hook (their numbers) that was looked at last; 0 at the start. */
  readonly after: number;
  readonly limit: number;
}

export interface SweepStep {
  readonly removed: number;
  /** Where to go on; null once all were looked at. */
  readonly next: number | null;
}

/** One step through the keys that a run holds: a transaction of its own, so that others' claims come in between. */
export interface RunStep {
  /** The key after which to go on, in the order of the store; empty at the start. `next` says where; null after the last one. */
  readonly after: string;
  /** How many keys at most. */
  readonly limit: number;
}

type Argument<M extends keyof hooks.HookStore> = Parameters<hooks.HookStore[M]>[0];
type Answer<M extends keyof hooks.HookStore> = Awaited<ReturnType<hooks.HookStore[M]>>;

interface Kind<K extends string> {
  readonly kind: K;
}

/** The store's time, and that of its own clock, which it should follow; null where the server's is its clock. */
export interface StoreMoment {
  readonly now: number;
  readonly clock: number | null;
}

export type CallName = keyof Calls;
export type RequestOf<K extends CallName> = Calls[K][0];
export type AnswerOf<K extends CallName> = Calls[K][1];
export type Request = RequestOf<CallName>;

/** Asks the store; rejects with a `StoreUnavailable` where there is no answer. */
export type Send = <K extends CallName>(kind: K, fields: Omit<RequestOf<K>, 'kind'>) => Promise<AnswerOf<K>>;

/** What became of one request of a batch; `unavailable` says why it has no answer. */
export type Reply = { readonly answer: AnswerOf<CallName> } | { readonly unavailable: string };
