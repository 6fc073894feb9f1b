import { setTimeout as sleep } from 'node:timers/promises';
import {
  createClient,
  createHooks,
  DEFAULT_BASE_URL,
  originOf,
  readApiKey,
  readBaseUrl,
  readSigningSecrets,
  type Client,
  type ClientOptions,
  type Hooks,
  type SigningSecrets,
} from '@onceonly/shared';
import type { Bundle, ZObject } from 'zapier-platform-core';
import { createTransport } from './transport.ts';

/** Zapier ends a step after 30 seconds without a word to the user. */
const DEADLINE_MS = 25_000;

const OPTIONS: ClientOptions = { platform: 'zapier', deadlineMs: DEADLINE_MS, sleep };

type Connected = Pick<Bundle, 'authData'>;

/** The client of one step: Zapier tells nothing by which a run could be known again, so each call is a holder of its own. */
export function openClient(z: ZObject, bundle: Connected): Client {
  const connection = readConnection(z, bundle);
  const { signingSecrets, baseUrl } = connection;
  // Zapier names the Zap to no action; the hosted service keeps no origin.
  const origin = baseUrl !== DEFAULT_BASE_URL && { origin: originOf('zapier') };
  return createClient(createTransport(z, connection), { ...OPTIONS, signingSecrets, ...origin });
}

/** The hooks of a trigger's connection. */
export const openHooks = (z: ZObject, bundle: Connected): Hooks =>
  createHooks(createTransport(z, readConnection(z, bundle)), OPTIONS);

interface Connection {
  readonly apiKey: string;
  /** Without `/v1`. */
  readonly baseUrl: string;
  readonly signingSecrets: SigningSecrets;
}

/** Zapier cannot reach it, and publishes no app that takes it; whoever tries the app on one machine sets this. */
const loopback = process.env['ONCEONLY_ALLOW_LOOPBACK'] === 'yes';

/** What the user entered to connect. Throws an error that names the field which cannot be used. */
export function readConnection(z: ZObject, { authData }: Pick<Bundle, 'authData'>): Connection {
  const base = readBaseUrl(authData['baseUrl'], { loopback });
  if ('problem' in base) throw new z.errors.Error(base.problem, 'invalid_base_url');
  const key = readApiKey(authData['apiKey']);
  if ('problem' in key) throw new z.errors.Error(key.problem, 'invalid_api_key');
  const signing = readSigningSecrets(authData['signingSecrets']);
  if ('problem' in signing) throw new z.errors.Error(signing.problem, 'invalid_signing_secrets');
  return { apiKey: key.apiKey, baseUrl: base.url, signingSecrets: signing.secrets };
}
