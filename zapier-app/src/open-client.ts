import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, createHooks, type Client, type ClientOptions, type Hooks } from '@onceonly/shared';
import type { Bundle, ZObject } from 'zapier-platform-core';
import { readConnection } from './connection.ts';
import { createTransport } from './transport.ts';

/** Zapier ends a step after 30 seconds without a word to the user. */
const DEADLINE_MS = 25_000;

const OPTIONS: ClientOptions = { platform: 'zapier', deadlineMs: DEADLINE_MS, sleep };

type Connected = Pick<Bundle, 'authData'>;

/** The client of one step: Zapier tells nothing by which a run could be known again, so each call is a holder of its own. */
export function openClient(z: ZObject, bundle: Connected): Client {
  const connection = readConnection(z, bundle);
  const { signingSecrets } = connection;
  return createClient(createTransport(z, connection), { ...OPTIONS, signingSecrets });
}

/** The hooks of a trigger's connection. */
export const openHooks = (z: ZObject, bundle: Connected): Hooks =>
  createHooks(createTransport(z, readConnection(z, bundle)), OPTIONS);
