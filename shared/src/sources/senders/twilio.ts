import { isSignedByTwilio } from '../twilio-signature.ts';
import { defineSender } from '../sender.ts';

const STATUS = 'body:MessageStatus | body:SmsStatus?';
const SID = 'body:MessageSid | body:SmsSid';
const ACCOUNT = ['body:AccountSid'] as const;

/** All events of a message share its SID. During a call there are many requests with the same SID and status. */
export const twilio = defineSender({
  id: 'twilio',
  label: 'Twilio',
  docs: 'https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides',
  seen: [
    { 'header:i-twilio-idempotency-token': true },
    { 'header:x-twilio-signature': true },
    { 'body:AccountSid': /^AC[0-9a-f]{32}$/i },
    { 'body:0.specversion': true, 'body:0.id': /^EZ[0-9a-f]{32}$/i },
  ],
  rules: [
    {
      when: { 'body:0.specversion': true },
      each: [{ of: 'body:[]', key: ['item:id'], covers: ['item:type', 'item:source'] }],
    },
    { key: ['header:i-twilio-idempotency-token'], covers: [...ACCOUNT, `${SID} | body:CallSid`, STATUS] },
    { when: { 'body:EventType': true }, key: ['body:EventType', `${SID}?`, 'hash:body:'] },
    { when: { [SID]: true }, key: [SID, STATUS], covers: ACCOUNT },
    { key: ['body:RecordingSid', 'body:RecordingStatus'], covers: ACCOUNT },
    { key: ['body:CallSid', 'body:CallStatus?', 'hash:body:'], covers: ACCOUNT },
    { when: { 'body:AccountSid': true }, key: ['hash:body:'] },
  ],
  needs: 'payload has no MessageSid or CallSid, and headers no I-Twilio-Idempotency-Token.',
  retries: 'Sent again, where the address asks for it (#rc=…), with the same I-Twilio-Idempotency-Token.',
  recipe: 'Enter the header I-Twilio-Idempotency-Token; without it, the Message SID and its status.',
  signatures: [{ kind: 'code', header: 'x-twilio-signature', coversUrl: true, isSigned: isSignedByTwilio }],
});
