import { setTimeout as sleep } from 'node:timers/promises';
import { createClient, type Client } from '@onceonly/shared';
import type { Bundle, ZObject } from 'zapier-platform-core';
import { readConnection } from './connection.ts';
import { createTransport } from './transport.ts';

/** Zapier ends a step after 30 seconds without a word to the user. */
const DEADLINE_MS = 25_000;

/** The client of one step: Zapier tells nothing by which a run could be known again, so each call is a holder of its own. */
export function openClient(z: ZObject, bundle: Pick<Bundle, 'authData'>): Client {
  return createClient(createTransport(z, readConnection(z, bundle)), {
    platform: 'zapier',
    deadlineMs: DEADLINE_MS,
    sleep,
  });
}
