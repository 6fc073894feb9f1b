import { readJson } from '@onceonly/shared';
import type { LoadedWebhook, Section } from './app.ts';
import { render, type Variables } from './evaluate.ts';
import { send } from './http.ts';
import { readParameters } from './parameters.ts';
import { refuseErrors, refuseInvalid, type Connected } from './run.ts';

/*
 * A webhook of the app, from its making to its end, and what becomes of what arrives.
 *
 * [D] `attach` and `detach` are requests as all others; `webhook.url` is the address, `response.data` is kept and read as
 *     `webhook` when detaching. A delivery is read as `body`; `condition` decides whether it wakes the scenario, and `output`
 *     is what the module reads as `payload`.
 * [S] Attach and detach inherit the base. [A] A delivery that `condition` passes over is answered with 200; JSON that cannot
 *     be read with 400.
 */

export interface Attached {
  readonly webhook: LoadedWebhook;
  readonly parameters: Section;
  /** What attach kept, beside the address. */
  readonly kept: Section;
}

/** A user makes a webhook, which the service is told of. @throws {MakeError} where that fails. */
export async function attach(
  webhook: LoadedWebhook,
  given: { readonly url: string; readonly parameters?: Section },
  connected: Connected,
): Promise<Attached> {
  const parameters = readParameters(webhook.parameters, given.parameters ?? {});
  const answered = await request(webhook.attach, { parameters, webhook: { url: given.url } }, connected);
  const { data } = webhook.attach['response'] as Section;
  return { webhook, parameters, kept: render(data, answered) as Section };
}

/** A user deletes the webhook. @throws {MakeError} where that fails. */
export async function detach({ webhook, parameters, kept }: Attached, connected: Connected): Promise<void> {
  await request(webhook.detach, { parameters, webhook: kept }, connected);
}

async function request(
  section: Section,
  own: Variables,
  { base, connection, log = [] }: Connected,
): Promise<Variables> {
  const before = { ...own, connection, temp: {} };
  const answer = await send(section, base, before, log);
  const variables = { ...before, ...answer };
  const response = (section['response'] ?? {}) as Section;
  refuseErrors(answer, response, base, variables);
  refuseInvalid(answer, response, base, variables);
  return variables;
}

export interface Received {
  readonly status: number;
  /** None where the delivery wakes no scenario. */
  readonly payload?: Section;
}

/** What Make does with a POST of JSON to the webhook's address. */
export function receive({ webhook, parameters }: Attached, text: string): Received {
  const { condition, output } = webhook.communication;
  const body = readJson(text);
  if (typeof body !== 'object' || body === null) return { status: 400 };
  const variables: Variables = { parameters, body };
  if (!render(condition, variables)) return { status: 200 };
  return { status: 200, payload: render(output, variables) as Section };
}
