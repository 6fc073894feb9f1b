import { claimKey } from './claim-key.ts';
import { completeKey } from './complete-key.ts';
import { extendClaim } from './extend-claim.ts';
import { failKey } from './fail-key.ts';
import { getKey } from './get-key.ts';
import { lockKey } from './lock-key.ts';
import { releaseKey } from './release-key.ts';

/** All operations, in the order in which a platform lists them. */
export const operations = {
  claimKey,
  completeKey,
  failKey,
  extendClaim,
  releaseKey,
  getKey,
  lockKey,
} as const;

export type OperationId = keyof typeof operations;
