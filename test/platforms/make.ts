import { randomUUID } from 'node:crypto';
import { operations, type Json, type OperationId } from '@onceonly/shared';
import { asText } from '@onceonly/shared/json.ts';
import { evaluate } from '@onceonly/shared/rules.ts';
import type { Section } from '../make/engine/app.ts';
import { connect } from '../make/engine/connect.ts';
import { MakeError } from '../make/engine/http.ts';
import { runModule } from '../make/engine/run.ts';
import type { Connection, Outcome, Platform } from './platform.ts';

/** Errors that Make repeats by itself. */
const REPEATED = ['RateLimitError', 'ConnectionError'];

/** The app on our own stand-in for Make, each run with a run reference of its own, as the blueprints have it. */
export async function openMake(connection: Connection): Promise<Platform> {
  const made = await connect(connection);

  async function run(operation: OperationId, inputs: Readonly<Record<string, unknown>>): Promise<Outcome> {
    const module = made.app.modules[operation];
    if (module === undefined) throw new Error(`The app has no module ${operation}.`);
    const known = module.parameters.map(({ name }) => name);
    const given = known.includes('run_reference') ? { run_reference: randomUUID(), ...inputs } : inputs;
    try {
      const { bundles, answered } = await runModule(module, given, made);
      const [bundle] = bundles;
      if (bundle === undefined)
        return {
          kind: 'stopped',
          message: asText((answered as { readonly message?: Json }).message ?? null),
        };
      return afterBundle(operation, bundle);
    } catch (error) {
      if (!(error instanceof MakeError)) throw error;
      return { kind: REPEATED.includes(error.type) ? 'later' : 'told', message: error.message };
    }
  }

  return { name: 'make', run, close: () => Promise.resolve() };
}

/**
 * A module that comes too late gives a bundle, since no outcome of a normal run is an error on Make; its message and its
 * outputs say so. Mark complete is the last module of a route, so the run ends there.
 */
function afterBundle(operation: OperationId, bundle: Section): Outcome {
  const outputs = bundle as Readonly<Record<string, Json>>;
  const { then } = operations[operation];
  const what = evaluate(then, { input: {}, client: {}, answer: {}, output: outputs, now: 0 });
  const message = asText(outputs['message']);
  if (what === 'late') return { kind: 'told', message };
  return what === 'lost' ? { kind: 'stopped', message } : { kind: 'continued', outputs };
}
