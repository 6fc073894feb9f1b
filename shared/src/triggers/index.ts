import { defineTrigger } from './define.ts';

/** Every trigger, in the order in which a platform lists them. */
export const triggers = {
  runDied: defineTrigger({
    id: 'runDied',
    label: 'Run Died',
    description:
      'Triggers when a run that claimed a key has neither finished nor failed by the end of its claim.',
    event: 'run_died',
    todo: 'Is the run still waiting, in a delay or held? Then do nothing: it can still complete the key, and Hold For should be longer. If it died, look whether its work was done; if not, replay the run or send the event again: the next run takes over.',
  }),
  keyFailed: defineTrigger({
    id: 'keyFailed',
    label: 'Key Failed',
    description: 'Triggers when the work of a key is marked as failed.',
    event: 'failed',
    todo: 'See the error code. If the key may be tried again, the next delivery of the event does so.',
    sampleEvent: { error_code: 'card declined' },
  }),
  keyExhausted: defineTrigger({
    id: 'keyExhausted',
    label: 'Key Exhausted',
    description: 'Triggers when a run is turned away because the attempts of its key are used up.',
    event: 'exhausted',
    todo: 'Mend what makes it fail, then raise Give Up After, or release the key.',
    sampleEvent: { attempt: 3, error_code: 'empty_output' },
  }),
  needsDecision: defineTrigger({
    id: 'needsDecision',
    label: 'Needs Your Decision',
    description: 'Triggers when a run died that must not be repeated before you have looked at it.',
    event: 'unresolved',
    todo: 'Look whether its work was done, then mark the key as completed, failed or released on your OnceOnly server.',
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
