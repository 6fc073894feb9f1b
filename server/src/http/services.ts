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
import type { HeavyWork } from './heavy-work.ts';
import type { ClaimResult } from '../watchers.ts';

/** To be told of every claim that was answered; the request is the claim's own, and not a batch's. */
export type Claimed = (result: ClaimResult, request?: FastifyRequest) => void;

/** What routes work with. */
export interface Services {
  readonly store: Store;
  readonly waiting: Waiting;
  readonly clock: Clock;
  readonly work: HeavyWork;
  /** Whether hooks may lead to this machine and to private networks. */
  readonly hookPrivateAddresses: boolean;
  /** Called for every claim, once it is known what it is told. */
  readonly claimed: Claimed;
}

/** A Fastify whose request types follow from the schemas. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

/** Sends JSON text as it is, or a refusal. */
export function sendAnswer(reply: FastifyReply, answer: Answer): FastifyReply {
  if (typeof answer !== 'string') return sendRefusal(reply, answer);
  return reply.header('content-type', 'application/json; charset=utf-8').send(answer);
}
