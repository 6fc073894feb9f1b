import { defineTrigger } from './define.ts';

/** Every trigger, in the order in which a platform lists them. */
export const triggers = {
  runDied: defineTrigger({
    id: 'runDied',
    label: 'Run Died',
    description:
      'Triggers when a run that claimed a key has not finished or failed by the end of its Hold For.',
    event: 'run_died',
    todo: 'Does the run still wait, in a delay or held? Then do nothing, but set Hold For longer. If it died, check whether its work was done. If not, replay the run or send the event again, and the next run takes over.',
  }),
  keyFailed: defineTrigger({
    id: 'keyFailed',
    label: 'Key Failed',
    description: 'Triggers when the work of a key is marked as failed.',
    event: 'failed',
    todo: 'See the error code. If the key may be tried again, the next run of the event does so.',
    sampleEvent: { error_code: 'card declined' },
  }),
  keyExhausted: defineTrigger({
    id: 'keyExhausted',
    label: 'Key Exhausted',
    description: 'Triggers when a run is stopped because all attempts of its key are used up.',
    event: 'exhausted',
    todo: 'Fix what makes it fail. Then raise Give Up After, or open the key in the dashboard and click “Run it again”.',
    sampleEvent: { attempt: 3, error_code: 'empty_output' },
  }),
  needsDecision: defineTrigger({
    id: 'needsDecision',
    label: 'Needs Your Decision',
    description: 'Triggers when a run died that must not be repeated before you have checked it.',
    event: 'unresolved',
    todo: 'Check whether its work was done. Then say what came of it in the dashboard of your OnceOnly server.',
  }),
  duplicateStopped: defineTrigger({
    id: 'duplicateStopped',
    label: 'Duplicate Stopped',
    description: 'Triggers when a run is told that its key was claimed before.',
    event: 'duplicate',
    todo: 'There is nothing to do.',
  }),
} as const;

export type TriggerId = keyof typeof triggers;
