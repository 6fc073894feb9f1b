import { createHash } from 'node:crypto';
import type { Json } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { hashOf } from './canonical.ts';
import { joined } from './sender-rules.ts';

const MARK = '~';
const HASH_CHARACTERS = 64;

/**
 * A key that can be sent: the job, a colon and the event's key. If it is too long, or contains characters that are not allowed, it
 * is cut and ends with a hash of the whole.
 */
export function fitKey(job: string | null, eventKey: string): string {
  const key = job === null ? eventKey : `${job}:${eventKey}`;
  const points = Array.from(key);
  if (points.length <= LIMITS.keyCodePoints && key.isWellFormed() && !key.includes('\0')) return key;
  const front = points.slice(0, LIMITS.keyCodePoints - HASH_CHARACTERS - MARK.length).join('');
  // JSON escapes lone surrogates, so that different keys have different hashes.
  const hash = createHash('sha256').update(JSON.stringify(key), 'utf8').digest('hex');
  return `${front.toWellFormed().replaceAll('\0', '\uFFFD')}${MARK}${hash}`;
}

/**
 * The key of an agent's tool call, made from the run, the tool and the arguments. How the model formats the arguments makes no
 * difference. `occurrence`: a higher number means the same call again.
 */
export const toolCallKey = (run: string, tool: string, args: Json, occurrence = 1): string =>
  fitKey(null, joined([run, tool, hashOf(occurrence === 1 ? args : [args, occurrence])]));
