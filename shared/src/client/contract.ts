import type { JsonObject } from '../json.ts';
import { isLease } from '../token.ts';

const REFUSED = ['not_found', 'lease_lost', 'already_finished'];

/** The statuses that each path may answer by the contract, including refusals that are outcomes. */
const STATUSES: Readonly<Record<string, readonly string[]>> = {
  '/v1/check-lock': ['locked', 'duplicate'],
  '/v1/ai/lease': [
    'acquired',
    'in_progress',
    'polling',
    'completed',
    'failed',
    'exhausted',
    'unresolved',
    'stale',
  ],
  '/v1/ai/status': ['in_progress', 'polling', 'completed', 'failed', 'not_found'],
  '/v1/ai/result': ['in_progress', 'polling', 'completed', 'failed', 'not_found'],
  '/v1/ai/complete': ['completed', 'failed', ...REFUSED],
  '/v1/ai/extend': ['extended', ...REFUSED],
  '/v1/ai/fail': ['failed', ...REFUSED],
  '/v1/ai/cancel': ['released', 'cancelled', 'canceled', ...REFUSED],
};

/** Whether a path may answer with this status. */
export const mayAnswer = (path: string, status: string): boolean => (STATUSES[path] ?? []).includes(status);

/** Whether an answer conforms to the contract. If not, it did not come from a OnceOnly service. */
export function isAnswer(path: string, answer: JsonObject): boolean {
  if (path === '/v1/me') return typeof answer['plan'] === 'string' || Array.isArray(answer['capabilities']);
  const { status } = answer;
  // A run without a lease that fits into a token could never end its claim.
  if (path === '/v1/ai/lease' && status === 'acquired') return isLease(answer['lease_id']);
  // The status that the hosted API answers here is not documented, so any is accepted that does not contradict.
  if (path === '/v1/ai/cancel' && answer['ok'] === true && isFilled(answer['key']))
    return !['completed', 'failed', 'in_progress'].some((other) => other === status);
  return !(path in STATUSES) || (typeof status === 'string' && mayAnswer(path, status));
}

const isFilled = (value: unknown): boolean => typeof value === 'string' && value !== '';
