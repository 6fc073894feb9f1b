import { OCCURRENCE } from '@onceonly/shared/occurrence.ts';

/** The messages for a model, and for a person who reads along. */

const again = (occurrence: number): string => `with ${OCCURRENCE}: ${String(occurrence + 1)}`;

/** An ISO-8601 instant as people write it. */
const at = (instant: unknown): string =>
  typeof instant === 'string' ? `at ${instant.slice(0, 19).replace('T', ' ')} UTC` : 'before';

export const replayed = (firstAt: unknown, occurrence: number): string =>
  `OnceOnly: this call was made ${at(firstAt)}. Above is the result that it had then; nothing was done now. If it is meant once more, make it ${again(occurrence)}.`;

export const tooLarge = (firstAt: unknown, occurrence: number): string =>
  `OnceOnly: this call was made ${at(firstAt)}, and it worked. Nothing was done now. Its result was too large to be kept. If the call is meant once more, make it ${again(occurrence)}.`;

export const unknownOutcome = (tool: string, firstAt: unknown, occurrence: number): string =>
  `OnceOnly: the same call was begun ${at(firstAt)}, and nobody knows whether it was done, because no answer came. It was not made again. Look at what “${tool}” should have changed. If that is missing, make the call ${again(occurrence)}.`;

export const endedBefore = (tool: string, occurrence: number): string =>
  `OnceOnly: the connection to the tool ended before “${tool}” answered, so nobody knows whether it was done. Look at what it should have changed. If that is missing, make the call ${again(occurrence)}.`;

export const refusedByPerson = (message: unknown): string =>
  `OnceOnly: the call was not made. ${String(message)}`;

export const notAsked = (why: string): string =>
  `OnceOnly: the call was not made, because nobody knows whether it was made before: ${why} Try again in a moment.`;

export const notNoted = (why: string): string =>
  `OnceOnly: this is the tool's answer, but it could not be noted: ${why} Do not make the same call again.`;

export const badOccurrence = `OnceOnly: the call was not made. ${OCCURRENCE} must be a whole number from 1 on.`;
