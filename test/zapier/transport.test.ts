import http from 'node:http';
import https from 'node:https';
import type { HttpResponse } from '@onceonly/shared';
import { createAppTester, type ZObject } from 'zapier-platform-core';
import { createTransport } from '../../zapier-app/src/transport.ts';
import { transportContract } from '../transport-contract.ts';

const inZapier = createAppTester({ version: '1.0.0', platformVersion: '19.1.0' });

/**
 * Zapier's core puts its own function in place of these, for all of the process: it drops the options of a request that
 * is given a URL as well, as the server's deliveries to hooks are, in the next test file.
 */
const [ofHttp, ofHttps] = [http.request, https.request];
afterAll(() => {
  http.request = ofHttp;
  https.request = ofHttps;
});

/** z.request hears of an answer that is cut in the middle only when its time is up: it rejects, but late. */
const LONGEST_MS = 1_000;

transportContract('z.request', (baseUrl, apiKey) => async (request) => {
  const inTime = { ...request, timeoutMs: Math.min(request.timeoutMs, LONGEST_MS) };
  const perform = (z: ZObject): Promise<HttpResponse> => createTransport(z, { baseUrl, apiKey })(inTime);
  return inZapier(perform, { authData: { apiKey, baseUrl } });
});
