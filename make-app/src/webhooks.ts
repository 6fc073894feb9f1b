import { ERRORS, type Trigger } from '@onceonly/shared';
import { input } from '@onceonly/shared/rules.ts';
import { parameterOf } from './fields.ts';
import { fold } from './fold.ts';
import { toIml, type Dialect } from './iml.ts';
import type { Members } from './json.ts';
import { sentenceCase } from './labels.ts';
import type { Webhook } from './module.ts';
import { createReader } from './reading.ts';
import { IS_GENUINE } from './signature.ts';

const { happened, todo } = ERRORS.unexpected_answer;
const unless = (condition: string): Members => ({
  condition: `{{${condition}}}`,
  message: `${happened} ${todo}`,
  type: 'ConnectionError',
});

/** A webhook for each trigger, since Make asks for a webhook's fields and attaches it before it knows the module. */
export const webhookOf = (trigger: Trigger): Webhook => ({
  id: trigger.id,
  label: sentenceCase(trigger.label),
  communication: {
    verification: {
      condition: `{{!${IS_GENUINE}}}`,
      respond: { status: 401, type: 'json', body: { error: 'The signature does not fit, or is too old.' } },
    },
    condition: `{{(body.type == '${trigger.event}')}}`,
    output: outputOf(trigger),
  },
  parameters: trigger.fields.map(parameterOf),
  attach: {
    url: '/v1/hooks',
    method: 'POST',
    body: { url: '{{webhook.url}}', events: [trigger.event], ...sent(trigger) },
    response: {
      valid: unless("(ifempty(body.id, '') != '') && (ifempty(body.secret, '') != '')"),
      data: { externalHookId: '{{body.id}}', secret: '{{body.secret}}' },
    },
    log: { sanitize: ['request.headers.authorization', 'response.body.secret'] },
  },
  // A hook that is gone already is an answer with a status too, as every request asks for.
  detach: {
    url: '/v1/hooks',
    method: 'DELETE',
    qs: { id: '{{webhook.externalHookId}}' },
    response: { valid: unless("(ifempty(body.status, '') != '')") },
  },
});

function sent({ fields }: Trigger): Members {
  const dialect: Dialect = { read: createReader(fields), none: 'undefined' };
  return Object.fromEntries(fields.map(({ id }) => [id, toIml(input(id), dialect)]));
}

function outputOf({ outputs }: Trigger): Members {
  const dialect: Dialect = {
    read: (path) => ({ code: path.replace(/^answer\./, 'body.data.') }),
    none: 'null',
  };
  return Object.fromEntries(outputs.map(({ id, from }) => [id, toIml(fold(from, {}), dialect)]));
}
