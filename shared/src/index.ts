export { createClient, type Client, type ClientOptions, type Ran } from './client/client.ts';
export type { RunContext } from './client/call.ts';
export type { Item, Performed } from './client/items.ts';
export { notChecked, watches } from './client/not-checked.ts';
export {
  CONNECTION_TEST,
  connectionFields,
  connectionLabel,
  DEFAULT_BASE_URL,
  OTHER_DERIVATION,
  readApiKey,
  readBaseUrl,
} from './connection.ts';
export { isEmptyResult } from './empty/judge.ts';
export { ERRORS, isOnceOnlyError, OnceOnlyError, sayError, type ErrorCode } from './errors.ts';
export { defaultOf, isAsked } from './inputs.ts';
export { readJson, type Json, type JsonObject } from './json.ts';
export { LIMITS } from './limits.ts';
export { newInEachRun, SAME_FOR_ALL } from './names-nothing.ts';
export { inexactNumberIn, isInexact, LONG_NUMBERS } from './numbers.ts';
export { WENT_ON } from './operations/claim-outputs.ts';
export { STOPPED } from './operations/parts.ts';
export { namedKey } from './named-key.ts';
export { operations, type OperationId } from './operations/index.ts';
export { GUIDES } from './operations/operation.ts';
export type { Choice, Field, Operation, Output, PlatformName, Then } from './operations/operation.ts';
export type { Fault, GivenDelivery } from './sources/delivery.ts';
export { parseExactly } from './sources/exact-json.ts';
export { deriveKeys, type Derived, type DerivedKey, type DeriveOptions } from './sources/derive.ts';
export { sources, type SourceId } from './sources/index.ts';
export { readSigningSecrets, type SigningSecrets } from './sources/signing-secrets.ts';
export { toolCallKey } from './sources/key.ts';
export { readToken } from './token.ts';
export { originOf, type Origin } from './origin.ts';
export { readBody, type HttpRequest, type HttpResponse, type Transport } from './transport.ts';
export { triggers, type TriggerId } from './triggers/index.ts';
export { createHooks, type Hooks, type Subscription } from './triggers/hooks.ts';
export { readHookDelivery, readEvent, sampleOf, type TriggerOutputs } from './triggers/read-event.ts';
export { isSigned, type SignatureCheck, type SignedDelivery } from './triggers/hook-signature.ts';
export type { Trigger } from './triggers/trigger.ts';
