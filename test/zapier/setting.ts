import type { OperationId } from '@onceonly/shared';
import { openZapierProcess, type ZapierProcess } from '../platforms/zapier-process.ts';
import { openZapier, type Zapier, type ZapierError } from '../platforms/zapier.ts';
import { openWorld, type World } from '../world.ts';

type Event = Readonly<Record<'job' | 'key', string>>;

export interface Setting {
  readonly process: ZapierProcess;
  readonly world: World;
  readonly zapier: Zapier;
  /** The job and key of an event that no other test of the file has. */
  readonly event: Event;
  /** The outputs of a step that goes on; throws where it does not. */
  outputs(
    operation: OperationId,
    inputs: Readonly<Record<string, unknown>>,
  ): Promise<Record<string, unknown>>;
  /** The error of a step that does not go on; throws where it does. */
  error(operation: OperationId, inputs: Readonly<Record<string, unknown>>): Promise<ZapierError>;
}

/**
 * For a test file: the built app in one process, a server of its own, and an event for each test.
 *
 * @param waits how long a step waits for a key in flight.
 */
export function useZapier(waits?: Parameters<typeof openZapierProcess>[0]): Setting {
  let process: ZapierProcess;
  let world: World;
  let zapier: Zapier;

  let events = 0;

  beforeAll(async () => {
    [process, world] = await Promise.all([openZapierProcess(waits), openWorld()]);
    zapier = await openZapier(world, process);
  });
  beforeEach(() => {
    events += 1;
  });
  afterAll(() => Promise.all([process.close(), world.close()]));

  return {
    get process() {
      return process;
    },
    get world() {
      return world;
    },
    get zapier() {
      return zapier;
    },
    get event() {
      return { job: 'send-invoice', key: `evt_${String(events)}` };
    },
    outputs: async (operation, inputs) => outputsOf(await zapier.step(operation, inputs)),
    error: async (operation, inputs) => errorOf(await zapier.step(operation, inputs)),
  };
}

type Step = Awaited<ReturnType<Zapier['step']>>;

export function outputsOf(step: Step): Record<string, unknown> {
  if ('outputs' in step) return step.outputs;
  throw new Error(`The step ended the run: ${JSON.stringify(step.error)}`);
}

export function errorOf(step: Step): ZapierError {
  if ('error' in step) return step.error;
  throw new Error(`The step went on: ${JSON.stringify(step.outputs)}`);
}
