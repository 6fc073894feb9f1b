import {
  cancelKey,
  claimKey,
  completeKey,
  extendKey,
  failKey,
  resolveKey,
  type Decision,
  type Moment,
} from '../../src/claims/life.ts';
import type { ClaimRecord } from '../../src/claims/record.ts';
import type { Claim, ClaimAnswer, FinishOutcome, Of, ResolveOutcome } from '../../src/claims/commands.ts';
import { claimOf, completeOf, failOf } from '../store/fixture.ts';
import { isKnown, RETENTION_SECONDS, TTL_SECONDS, type LifeState } from './life-state.ts';

type Stored = ClaimRecord | undefined;

/** What somebody asks of a key, in words, and what is decided. */
export type Act =
  | {
      readonly by: 'claim';
      readonly what: string;
      readonly claim: Of<Claim>;
      decide(stored: Stored, moment: Moment): Decision<ClaimAnswer>;
    }
  | {
      readonly by: 'holder' | 'run';
      readonly what: string;
      readonly to: 'complete' | 'fail' | 'extend' | 'cancel';
      readonly leaseId: string;
      decide(stored: Stored, moment: Moment): Decision<FinishOutcome>;
    }
  | {
      readonly by: 'person';
      readonly what: string;
      /** Of the record that the person saw. */
      readonly version: number;
      decide(stored: Stored, moment: Moment): Decision<ResolveOutcome>;
    };

/** Three runs: two that name themselves, and one that is somebody else each time. */
const HOLDERS = ['h1', 'h2', null] as const;

export const CLAIMS: readonly Act[] = HOLDERS.flatMap((holder) =>
  ([null, 'retry', 'block'] as const).flatMap((onExpired) =>
    [null, 1, 2].flatMap((maxAttempts) =>
      [null, 'f1', 'f2'].map((fingerprint): Act => {
        const own = { holder, run: holder, onExpired, maxAttempts, fingerprint };
        const lasting = { ttlSeconds: TTL_SECONDS, retentionSeconds: RETENTION_SECONDS };
        const claim = claimOf('k', { ...own, ...lasting });
        return {
          by: 'claim',
          what: `claim ${JSON.stringify(own)}`,
          claim,
          decide: (stored, moment) => claimKey(stored, claim, moment),
        };
      }),
    ),
  ),
);

/** With the lease that the record has, and with one from before it, of a holder that comes late. */
export function finishes({ record, leases }: LifeState): readonly Act[] {
  const late = withLease(`lease ${String(leases - 1)}`, ' with a lease from before');
  return record === undefined || !isKnown(record.leaseId)
    ? late
    : [...withLease(record.leaseId, ''), ...late];
}

function withLease(leaseId: string, note: string): readonly Act[] {
  const empty = { result: '""', rejectEmpty: true, resultEmpty: true };
  const completions = [
    completeOf('k', leaseId, { result: '"one"' }),
    completeOf('k', leaseId, { result: '"two"' }),
    completeOf('k', leaseId, empty),
  ].map((command): Act => ({
    ...{ by: 'holder', to: 'complete', leaseId, what: `complete ${String(command.result)}${note}` },
    decide: (stored, moment) => completeKey(stored, command, moment),
  }));
  const failures = [
    failOf('k', leaseId, { retryable: true }),
    failOf('k', leaseId),
    failOf('k', leaseId, { retryable: true, noEffect: true, errorCode: 'refused' }),
  ].map((command): Act => ({
    ...{ by: 'holder', to: 'fail', leaseId, what: `fail ${command.errorCode}${note}` },
    decide: (stored, moment) => failKey(stored, command, moment),
  }));
  const address = { tenant: 'acme', key: 'k', leaseId };
  return [
    ...completions,
    ...failures,
    {
      ...{ by: 'holder', to: 'extend', leaseId, what: `extend${note}` },
      decide: (stored, moment) => extendKey(stored, { ...address, ttlSeconds: null }, moment),
    },
    {
      ...{ by: 'holder', to: 'cancel', leaseId, what: `cancel${note}` },
      decide: (stored, moment) => cancelKey(stored, { ...address, reason: null }, moment),
    },
  ];
}

/** An error workflow fails what a run still holds, without its lease. */
export function failureOfRun({ record }: LifeState): readonly Act[] {
  if (record?.state !== 'in_progress' || record.run === null) return [];
  const command = failOf('k', record.leaseId, { retryable: true, errorCode: 'died' });
  return [
    {
      ...{ by: 'run', to: 'fail', leaseId: record.leaseId, what: `fail all of ${record.run}` },
      decide: (stored, moment) => failKey(stored, command, moment),
    },
  ];
}

/** On the version that the person saw, and on one that is no more. */
export function decisions({ record }: LifeState): readonly Act[] {
  const version = record?.version ?? 1;
  return [version, version - 1].flatMap((seen) =>
    (['completed', 'failed', 'failed, to be tried again', 'released'] as const).map((end): Act => {
      const retryable = end === 'failed, to be tried again';
      const to = retryable ? 'failed' : end;
      const result = to === 'completed' ? '"by hand"' : null;
      const command = {
        tenant: 'acme',
        key: 'k',
        version: seen,
        to,
        result,
        retryable,
        reason: null,
        by: 'key',
      };
      return {
        ...{
          by: 'person',
          version: seen,
          what: `a person says: ${end}${seen === version ? '' : ', of another version'}`,
        },
        decide: (stored, moment) => resolveKey(stored, command, moment),
      };
    }),
  );
}
