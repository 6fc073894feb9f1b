import { randomUUID } from 'node:crypto';
import { renderMapped } from './evaluate.ts';
import { isEmpty } from './functions.ts';
import { runModule, type Connected } from './run.ts';
import type { LoadedApp, Section } from './app.ts';
import { MakeError } from './http.ts';

/*
 * Plays a blueprint: a scenario whose first module is a webhook or an instant trigger, one bundle a run.
 *
 * [D] A search without a bundle ends the route. Break stores the run as an incomplete execution, with the bundles before
 *     the module that failed, the first one included; it is resumed at that module. ConnectionError and RateLimitError are stored so without a
 *     handler, where the scenario stores incomplete executions, and the run succeeds. Any other error that nothing handles
 *     fails it. Ignore ends the run as a success. The filters used here let a bundle pass whose value is true, or there.
 */

export interface Step {
  readonly id: number;
  readonly module: string;
  readonly mapper: Section;
  readonly filter?: { readonly conditions: readonly (readonly Condition[])[] };
  readonly onerror?: readonly Step[];
}

interface Condition {
  readonly a: string;
  readonly o: string;
}

export interface Blueprint {
  readonly flow: readonly Step[];
  readonly metadata: { readonly scenario: { readonly dlq: boolean } };
}

export interface Incomplete {
  readonly at: number;
  readonly known: Readonly<Record<string, Section>>;
  readonly executionId: string;
  /** What was delivered. */
  readonly event: Section;
}

export type Played =
  | { readonly end: 'done' }
  | { readonly end: 'stopped' }
  | { readonly end: 'stored'; readonly incomplete: Incomplete }
  | { readonly end: 'failed'; readonly error: MakeError };

export interface Scenario {
  /** A delivery wakes the scenario. */
  deliver(event: Section): Promise<Played>;
  /** Make, or a person, resumes what was stored. */
  resume(incomplete: Incomplete): Promise<Played>;
}

const OURS = 'app#onceonly:';

/** `work` stands for every module that is not ours. Whether a resumed run keeps its Execution ID is not documented. */
export function openScenario(
  { flow, metadata }: Blueprint,
  made: Connected & { readonly app: LoadedApp },
  work: (mapped: Section) => Section,
  { keepsId }: { readonly keepsId: boolean },
): Scenario {
  async function play(from: Incomplete): Promise<Played> {
    const { executionId, event } = from;
    let { known } = from;
    for (const [at, step] of flow.entries()) {
      if (at < from.at) continue;
      const bundles = { ...known, var: { scenario: { executionId } } };
      const read = (text: string): unknown => renderMapped(text, bundles);
      const holds = ({ a, o }: Condition): boolean => (o === 'exist' ? !isEmpty(read(a)) : read(a) === true);
      const passes = step.filter?.conditions.some((all) => all.every(holds)) ?? true;
      if (!passes) return { end: 'stopped' };
      const values = Object.fromEntries(
        Object.entries(step.mapper).map(([name, value]) => [
          name,
          typeof value === 'string' ? read(value) : value,
        ]),
      );
      try {
        const [bundle] = await runStep(step, values, event);
        if (bundle === undefined) return { end: 'stopped' };
        known = { ...known, [step.id]: bundle };
      } catch (error) {
        if (!(error instanceof MakeError)) throw error;
        const handler = step.onerror?.at(-1)?.module;
        const again = ['ConnectionError', 'RateLimitError'].includes(error.type) && metadata.scenario.dlq;
        if (handler === 'builtin:Break' || (handler === undefined && again))
          return { end: 'stored', incomplete: { at, known, executionId, event } };
        return handler === 'builtin:Ignore' ? { end: 'stopped' } : { end: 'failed', error };
      }
    }
    return { end: 'done' };
  }

  async function runStep(
    { module: name }: Step,
    values: Section,
    event: Section,
  ): Promise<readonly Section[]> {
    if (name === 'gateway:CustomWebHook') return [event];
    if (!name.startsWith(OURS)) return [work(values)];
    const module = made.app.modules[name.slice(OURS.length)];
    if (module === undefined) throw new Error(`There is no module ${name}.`);
    return (await runModule(module, values, made, event)).bundles;
  }

  return {
    deliver: (event) => play({ at: 0, known: {}, executionId: randomUUID(), event }),
    resume: (incomplete) => play(keepsId ? incomplete : { ...incomplete, executionId: randomUUID() }),
  };
}
