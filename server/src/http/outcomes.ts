import type { FastifyRequest } from 'fastify';
import type { Refused } from '../claims/commands.ts';
import type { Answer } from './answers.ts';
import { NOT_FOUND, type Refusal } from './refusal.ts';

/** Whether the caller asked for refusals as HTTP 200, because its platform treats every 4xx as a failed run. */
export const wantsOutcomes = (request: FastifyRequest): boolean =>
  request.headers['x-onceonly-outcomes'] === '200';

/** A refusal with 404, or 409 and the record's state; or the same as an outcome with HTTP 200. */
export function refusedAnswer(key: string, refused: Refused, asOutcome: boolean): Answer {
  const { outcome } = refused;
  if (outcome === 'not_found') return asOutcome ? outcomeText(key, outcome) : NOT_FOUND;
  const { state, busy } = refused;
  if (asOutcome) return outcomeText(key, outcome, state, busy);
  return { status: 409, detail: { error: outcome, status: state, ...(busy && { busy }) } };
}

/** A mismatch with 422, or the same as an outcome with HTTP 200. */
export function mismatchAnswer(key: string, error: string, asOutcome: boolean): Answer {
  const refusal: Refusal = { status: 422, detail: { error } };
  return asOutcome ? outcomeText(key, error) : refusal;
}

function outcomeText(key: string, status: string, state: string | null = null, busy?: 'group'): string {
  return JSON.stringify({ ok: false, status, key, state, busy });
}
