import type { LoadedModule, Section } from './app.ts';
import { render, type Variables } from './evaluate.ts';
import { type Answer, type LogEntry, MakeError, send } from './http.ts';
import { readParameters } from './parameters.ts';
import { reading } from './reading.ts';

/*
 * Runs a module's communication with real HTTP.
 *
 * [D] `condition` decides whether a request is sent, and its `default` is the output where it is not; an HTTP status of
 *     400 and more is an error, by `error` of that status or the general one; `valid` that is false is an error with its
 *     own message and type; `iterate` makes a bundle of each item for which its condition holds; a search without a
 *     bundle ends the route; `limit` and `pagination`.
 *     `response.temp` comes before all else of an answer.
 * [S] The order: temp, condition, request, valid, iterate and output, pagination, wrapper, limit. A request's own `error`
 *     comes before the base's, status by status. Whether an empty page ends paging: see reading.ts.
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
  /** The last answer, as Make's log shows it. */
  readonly answered?: unknown;
}

/** `payload` is what the webhook of an instant trigger took. @throws {MakeError} as the module would. */
export async function runModule(
  module: LoadedModule,
  given: Readonly<Record<string, unknown>>,
  connected: Connected,
  payload?: Section,
): Promise<Ran> {
  const { base, connection, log = [] } = connected;
  const parameters = readParameters(module.parameters, given);
  let temp: Record<string, unknown> = {};
  let ran: Ran = { bundles: [] };

  for (const section of module.communication) {
    const before = (): Variables => ({ parameters, connection, temp, ...(payload && { payload }) });
    temp = { ...temp, ...(render(section['temp'] ?? {}, before()) as Section) };
    const { asked, otherwise } = conditionOf(section, before());
    if (!asked) {
      if (otherwise !== undefined) ran = { bundles: asBundles(render(otherwise, before())) };
      continue;
    }
    const response = (section['response'] ?? {}) as Section;
    const limit = Number(render(response['limit'] ?? Infinity, before()));
    let page: Section | undefined = section;
    const bundles: Section[] = [];
    let answered: unknown;
    while (page !== undefined) {
      const answer = await send(page, base, before(), log);
      answered = answer.body;
      const inner = (): Variables => ({ ...before(), ...answer });
      refuseErrors(answer, response, base, inner());
      temp = { ...temp, ...(render(response['temp'] ?? {}, inner()) as Section) };
      refuseInvalid(answer, response, base, inner());
      const more = outputOf(response, inner());
      bundles.push(...more);
      const ends = bundles.length >= limit || (more.length === 0 && reading().emptyPageEnds);
      page = ends ? undefined : nextPage(section, inner());
    }
    ran = { bundles: bundles.slice(0, limit), answered };
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
  if (answer.statusCode >= 400) refuse(answer, response, base, variables);
}

/** [D] Where `valid` says nothing of the error, `error` does, also by a status below 400. */
export function refuseInvalid(answer: Answer, response: Section, base: Section, variables: Variables): void {
  const { valid } = response;
  if (valid === undefined) return;
  const { condition, message, type } = valid as Section;
  if (render(condition, variables)) return;
  if (message === undefined) refuse(answer, response, base, variables);
  throw new MakeError(String(render(type, variables)), String(render(message, variables)));
}

function refuse(answer: Answer, response: Section, base: Section, variables: Variables): never {
  const inherited = ((base['response'] ?? {}) as Section)['error'] as Section | undefined;
  const error = { ...inherited, ...(response['error'] as Section | undefined) };
  const { message, type } = (error[String(answer.statusCode)] ?? error) as Section;
  throw new MakeError(String(render(type ?? 'RuntimeError', variables)), String(render(message, variables)));
}

function outputOf(response: Section, variables: Variables): readonly Section[] {
  const { iterate, output, wrapper } = response;
  if (iterate === undefined) {
    const made = render(output ?? '{{body}}', variables);
    return asBundles(wrapper === undefined ? made : render(wrapper, { ...variables, output: made }));
  }
  const { container, condition } =
    typeof iterate === 'string' ? { container: iterate } : (iterate as Section);
  const items = render(container, variables);
  if (!Array.isArray(items)) throw new TypeError(`iterate needs an array, not ${JSON.stringify(items)}`);
  return (items as unknown[])
    .filter((item) => condition === undefined || Boolean(render(condition, { ...variables, item })))
    .map((item) => render(output, { ...variables, item }) as Section);
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
