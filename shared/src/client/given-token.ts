import { OnceOnlyError } from '../errors.ts';
import type { Inputs } from '../inputs.ts';
import type { Operation } from '../operations/operation.ts';
import { readToken, type Token } from '../token.ts';

/**
 * The claim token that was entered; undefined if a failure names its run instead. Throws `invalid_input`, which names the field,
 * for anything that is not a claim token.
 */
export function givenToken(
  { id }: Operation,
  { claim_token: given, run }: Inputs,
): Exclude<Token, { kind: 'malformed' }> | undefined {
  if (typeof given !== 'string') {
    if (id === 'failKey' && typeof run === 'string') return undefined;
    throw bad('is empty.');
  }
  const token = readToken(given);
  if (token.kind === 'malformed') throw bad('is not one that “Check & Claim Key” gave out.');
  return token;
}

const bad = (what: string): OnceOnlyError =>
  new OnceOnlyError('invalid_input', {
    field: 'claim_token',
    detail: `“Claim Token” ${what} Map the Claim Token of “Check & Claim Key” in this same run. It begins with claim_.`,
  });
