import { createHash } from 'node:crypto';
import type { Json } from '../json.ts';
import { LIMITS } from '../limits.ts';
import { hashOf } from './canonical.ts';
import { joined } from './sender-rules.ts';

const MARK = '~';
const HASH_CHARACTERS = 64;

/**
 * A key that can be sent: the job's name, a colon and the event's key. One that is too long, or holds characters that a
 * key may not, ends in the hash of all of it, readable at the front.
 */
export function fitKey(job: string | null, eventKey: string): string {
  const key = job === null ? eventKey : `${job}:${eventKey}`;
  const points = Array.from(key);
  if (points.length <= LIMITS.keyCodePoints && key.isWellFormed() && !key.includes('\0')) return key;
  const front = points.slice(0, LIMITS.keyCodePoints - HASH_CHARACTERS - MARK.length).join('');
  // JSON writes half characters out, so that no two keys look alike to the hash.
  const hash = createHash('sha256').update(JSON.stringify(key), 'utf8').digest('hex');
  return `${front.toWellFormed().replaceAll('\0', '\uFFFD')}${MARK}${hash}`;
}

/**
 * The key of an agent's tool call: its run, the tool, and the arguments, however the model writes them. `occurrence`: for which
 * time the same call is meant.
 */
export const toolCallKey = (run: string, tool: string, args: Json, occurrence = 1): string =>
  fitKey(null, joined([run, tool, hashOf(occurrence === 1 ? args : [args, occurrence])]));
