import type { LoadedModule, Section } from './app.ts';
import { render, type Variables } from './evaluate.ts';
import { type Answer, type LogEntry, MakeError, send } from './http.ts';
import { readParameters } from './parameters.ts';

/*
 * Runs a module's communication with real HTTP.
 *
 * [D] `condition` decides whether a request is sent, and its `default` is the output where it is not; an HTTP status of
 *     400 and more is an error, by `error` of that status or the general one; `valid` that is false is an error with its
 *     own message and type; `iterate` makes a bundle of each item for which its condition holds; a search without a
 *     bundle ends the route; `limit` and `pagination`.
 * [S] The order: temp, condition, request, response.temp, valid, iterate and output, pagination, wrapper, limit. A
 *     request's own `error` comes before the base's, status by status.
 * [A] The output of the last request is the module's. An output of null is no bundle.
 */

export interface Connected {
  readonly base: Section;
  /** What the connection holds: its parameters and what it kept when it was made. */
  readonly connection: Readonly<Record<string, unknown>>;
  /** Filled with what Make's log would show. */
  readonly log?: LogEntry[];
}

export interface Ran {
  readonly bundles: readonly Section[];
  /** What the output would have been for items that `iterate` passed over: Make shows nothing of it. */
  readonly passedOver: readonly Section[];
}

/** @throws {MakeError} as the module would. */
export async function runModule(
  module: LoadedModule,
  given: Readonly<Record<string, unknown>>,
  connected: Connected,
): Promise<Ran> {
  const { base, connection, log = [] } = connected;
  const parameters = readParameters(module.parameters, given);
  let temp: Record<string, unknown> = {};
  let ran: Ran = { bundles: [], passedOver: [] };

  for (const section of module.communication) {
    const before = (): Variables => ({ parameters, connection, temp });
    temp = { ...temp, ...(render(section['temp'] ?? {}, before()) as Section) };
    const { asked, otherwise } = conditionOf(section, before());
    if (!asked) {
      if (otherwise !== undefined) ran = { bundles: asBundles(render(otherwise, before())), passedOver: [] };
      continue;
    }
    const response = (section['response'] ?? {}) as Section;
    const limit = Number(render(response['limit'] ?? Infinity, before()));
    let page: Section | undefined = section;
    let found: Ran = { bundles: [], passedOver: [] };
    while (page !== undefined) {
      const answer = await send(page, base, before(), log);
      const inner = (): Variables => ({ ...before(), ...answer });
      refuseErrors(answer, response, base, inner());
      temp = { ...temp, ...(render(response['temp'] ?? {}, inner()) as Section) };
      refuseInvalid(response, inner());
      const more = outputOf(response, inner());
      found = {
        bundles: [...found.bundles, ...more.bundles],
        passedOver: [...found.passedOver, ...more.passedOver],
      };
      page = found.bundles.length < limit ? nextPage(section, inner()) : undefined;
    }
    ran = { ...found, bundles: found.bundles.slice(0, limit) };
  }
  return ran;
}

function conditionOf(section: Section, variables: Variables): { asked: boolean; otherwise?: unknown } {
  const { condition } = section;
  if (condition === undefined) return { asked: true };
  if (typeof condition === 'string') return { asked: Boolean(render(condition, variables)) };
  const { condition: inner, default: otherwise } = condition as Section;
  return { asked: Boolean(render(inner, variables)), otherwise };
}

/** Works out the errors of an answer, for connections and modules alike. */
export function refuseErrors(answer: Answer, response: Section, base: Section, variables: Variables): void {
  if (answer.statusCode < 400) return;
  const inherited = ((base['response'] ?? {}) as Section)['error'] as Section | undefined;
  const error = { ...inherited, ...(response['error'] as Section | undefined) };
  const { message, type } = (error[String(answer.statusCode)] ?? error) as Section;
  throw new MakeError(typeof type === 'string' ? type : 'RuntimeError', String(render(message, variables)));
}

export function refuseInvalid(response: Section, variables: Variables): void {
  const { valid } = response;
  if (valid === undefined) return;
  const { condition, message, type } = valid as Section;
  if (render(condition, variables)) return;
  throw new MakeError(String(render(type, variables)), String(render(message, variables)));
}

function outputOf(response: Section, variables: Variables): Ran {
  const { iterate, output, wrapper } = response;
  if (iterate === undefined) {
    const made = render(output ?? '{{body}}', variables);
    return {
      bundles: asBundles(wrapper === undefined ? made : render(wrapper, { ...variables, output: made })),
      passedOver: [],
    };
  }
  const { container, condition } =
    typeof iterate === 'string' ? { container: iterate } : (iterate as Section);
  const items = render(container, variables);
  if (!Array.isArray(items)) throw new TypeError(`iterate needs an array, not ${JSON.stringify(items)}`);
  const ran: { bundles: Section[]; passedOver: Section[] } = { bundles: [], passedOver: [] };
  for (const item of items as unknown[]) {
    const made = render(output, { ...variables, item }) as Section;
    const taken = condition === undefined || Boolean(render(condition, { ...variables, item }));
    ran[taken ? 'bundles' : 'passedOver'].push(made);
  }
  return ran;
}

const asBundles = (output: unknown): readonly Section[] =>
  output === null || output === undefined ? [] : [output as Section];

/** The same request with the pagination's members, as long as its condition holds. */
function nextPage(section: Section, variables: Variables): Section | undefined {
  const { condition, ...members } = (section['pagination'] ?? {}) as Section;
  if (condition === undefined || !render(condition, variables)) return undefined;
  const qs = { ...(section['qs'] as Section), ...(render(members['qs'], variables) as Section) };
  return { ...section, qs };
}
