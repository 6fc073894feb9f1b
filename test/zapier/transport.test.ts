import type { HttpResponse } from '@onceonly/shared';
import { createAppTester, type ZObject } from 'zapier-platform-core';
import { createTransport } from '../../zapier-app/src/transport.ts';
import { transportContract } from '../transport-contract.ts';

const inZapier = createAppTester({ version: '1.0.0', platformVersion: '19.1.0' });

/** z.request hears of an answer that is cut in the middle only when its time is up: it rejects, but late. */
const LONGEST_MS = 1_000;

transportContract('z.request', (baseUrl, apiKey) => async (request) => {
  const inTime = { ...request, timeoutMs: Math.min(request.timeoutMs, LONGEST_MS) };
  const perform = (z: ZObject): Promise<HttpResponse> => createTransport(z, { baseUrl, apiKey })(inTime);
  return inZapier(perform, { authData: { apiKey, baseUrl } });
});
