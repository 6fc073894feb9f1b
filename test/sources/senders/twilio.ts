import twilioLibrary from 'twilio';
import { idOf, twenty, type Sender } from './sender.ts';

const SECRET = '12345678901234567890123456789012';
const URL = 'https://hooks.example.com/twilio?team=sales&x=a%20b';
const STATUSES = ['queued', 'sent', 'delivered', 'failed'];

/** The life of five messages, told step by step. */
const events = twenty((event) => ({
  AccountSid: `AC${'0123456789abcdef'.repeat(2)}`,
  MessageSid: idOf('SM', Math.floor(event / 4), 32),
  MessageStatus: STATUSES[event % 4] ?? '',
  From: '+15017122661',
  To: '+15558675310',
  ApiVersion: '2010-04-01',
  Body: 'Grüße & mehr = 1',
}));

const { getExpectedTwilioSignature, validateRequest } = twilioLibrary as unknown as {
  readonly getExpectedTwilioSignature: (token: string, url: string, fields: object) => string;
  readonly validateRequest: (token: string, signature: string, url: string, fields: object) => boolean;
};

const fieldsOf = (payload: string): Record<string, string> =>
  Object.fromEntries(new URLSearchParams(payload).entries());

/** A retry is the same request. */
export const twilio: Sender = {
  source: 'twilio',
  events,
  secret: SECRET,
  deliver: (event) => {
    const fields = events[event] ?? {};
    const headers = {
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
      'I-Twilio-Idempotency-Token': idOf('1b2e3f40-0000-4000-8000-', event, 12),
      'X-Twilio-Signature': getExpectedTwilioSignature(SECRET, URL, fields),
    };
    return { payload: new URLSearchParams(fields).toString(), headers, url: URL };
  },
  accepts: ({ payload, headers }, secret) =>
    validateRequest(secret, headers['X-Twilio-Signature'] ?? '', URL, fieldsOf(payload)),
};
