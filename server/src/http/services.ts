import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyReply,
  FastifyRequest,
  RawServerDefault,
} from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Store } from '../store/store.ts';
import type { Waiting } from '../claims/waiting.ts';
import type { Clock } from '../clock.ts';
import type { Answer } from './answers.ts';
import { sendRefusal } from './error-answers.ts';
import type { TaskRunner } from './task-runner.ts';
import type { ClaimResult } from '../telemetry.ts';

/** Reports the result of a claim. `request`: the request of a single claim; missing for an item of a batch. */
export type Claimed = (result: ClaimResult, request?: FastifyRequest) => void;

/** What the routes need. */
export interface Services {
  readonly store: Store;
  readonly waiting: Waiting;
  readonly clock: Clock;
  readonly tasks: TaskRunner;
  /** Whether hooks may point to this machine and to private networks. */
  readonly hookPrivateAddresses: boolean;
  /** Called for every claim, once its result is known. */
  readonly claimed: Claimed;
}

/** A Fastify instance that derives the types of requests from their schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Sends an answer: JSON text unchanged, or a refusal. */
export function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  if (typeof answer !== 'string') return sendRefusal(reply, answer);
  return reply.header('content-type', 'application/json; charset=utf-8').send(answer);
}
