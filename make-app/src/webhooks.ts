import { ERRORS, type Trigger } from '@onceonly/shared';
import { sentenceCase } from '@onceonly/shared/sentence-case.ts';
import { parameterOf } from './fields.ts';
import type { Members } from './json.ts';
import type { Webhook } from './module.ts';

const unless = (condition: string): Members => ({
  condition: `{{${condition}}}`,
  message: `${ERRORS.unexpected_answer.happened} ${ERRORS.unexpected_answer.todo}`,
  type: 'ConnectionError',
});

/** Make keeps what a first module failed at only with this handler: https://help.make.com/errors-that-dont-create-incomplete-executions */
const ASKS =
  'Add the error handler Break to this module, or an event may be lost when your OnceOnly server does not answer. The dashboard shows what was missed.';

/** A webhook for each trigger, since Make asks for a webhook's fields and attaches it before it knows the module. */
export const webhookOf = (trigger: Trigger): Webhook => ({
  id: trigger.id,
  label: sentenceCase(trigger.label),
  communication: {
    // What is larger was not sent by the service, and could not be looked up.
    condition: `{{(body.type == '${trigger.event}') && (length(createJSON(ifempty(body.data, ''))) < 20000)}}`,
    output: { id: '{{body.data.id}}', key: '{{body.data.key}}' },
  },
  parameters: trigger.fields.map((field) => parameterOf({ ...field, help: `${field.help} ${ASKS}` })),
  attach: {
    url: '/v1/hooks',
    method: 'POST',
    body: {
      url: '{{webhook.url}}',
      events: [trigger.event],
      job: "{{trim(ifempty(parameters.job, ''))}}",
    },
    response: { valid: unless('body.id'), data: { externalHookId: '{{body.id}}' } },
    log: { sanitize: ['request.headers.authorization', 'response.body.secret'] },
  },
  // A hook that is gone already is an answer with a status too, as every request asks for.
  detach: {
    url: '/v1/hooks',
    method: 'DELETE',
    qs: { id: '{{webhook.externalHookId}}' },
    response: { valid: unless('body.status') },
  },
});

/**
 * A delivery only wakes the scenario: what happened is asked of the service, with the API key. So nobody who learns of
 * the webhook's address can make an event up.
 */
export const readingOf = ({ id }: Trigger): Members => ({
  url: '/v1/make/event',
  method: 'POST',
  body: { trigger: id, key: '{{payload.key}}', id: '{{payload.id}}' },
  response: { valid: unless('body.event'), output: '{{body.event}}' },
});
