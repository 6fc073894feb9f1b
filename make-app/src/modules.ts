import {
  operations,
  sampleOf,
  type Operation,
  type OperationId,
  type Output,
  type Trigger,
} from '@onceonly/shared';
import { sentenceCase, triggersAsShown } from '@onceonly/shared/sentence-case.ts';
import { fieldsOf, formOf } from './fields.ts';
import type { Members } from './json.ts';
import type { Module, Webhook } from './module.ts';
import { overlays } from './overlay.ts';
import { readingOf, webhookOf } from './webhooks.ts';

const watched: readonly Trigger[] = Object.values(triggersAsShown);

/** Every module, in the order in which Make lists them. */
export function modulesOf(): readonly Module[] {
  const made = Object.keys(operations).map((id) => moduleOf(id as OperationId));
  return [...watched.map(watchModuleOf), ...made, listKeys, apiCall];
}

export const webhooksOf = (): readonly Webhook[] => watched.map(webhookOf);

/** Those that may find nothing: the documented way to end a route without an error. */
const MAY_STOP: readonly OperationId[] = ['claimKey', 'lockKey', 'extendClaim'];

function moduleOf(id: OperationId): Module {
  const operation: Operation = operations[id];
  return {
    id,
    label: sentenceCase(operation.label),
    description: operation.description,
    type: MAY_STOP.includes(id) ? 'search' : 'action',
    group: operation.kind === 'lookup' ? 'Look-ups' : 'Keys',
    mappableParams: formOf(fieldsOf(operation, overlays[id])),
    interface: interfaceOf(operation.outputs),
    samples: { ...operation.sample, ...overlays[id].sample },
  };
}

const TYPES = { text: 'text', integer: 'integer', boolean: 'boolean', date: 'date', json: 'any' } as const;

/** What a module gives, for those who map it: the outputs of the other platforms, name for name. */
const interfaceOf = (outputs: readonly Pick<Output, 'id' | 'label' | 'type'>[]): readonly Members[] =>
  outputs.map(({ id, label, type }) => ({ name: id, type: TYPES[type], label: sentenceCase(label) }));

const watchModuleOf = (trigger: Trigger): Module => ({
  id: trigger.id,
  label: sentenceCase(`Watch Events: ${trigger.label}`),
  description: trigger.description,
  type: 'instant_trigger',
  group: 'Triggers',
  webhook: trigger.id,
  communication: readingOf(trigger),
  mappableParams: [],
  interface: interfaceOf(trigger.outputs),
  samples: sampleOf(trigger),
});

const listKeys: Module = {
  id: 'listKeys',
  label: 'List keys',
  description: 'Lists keys and what came of them. It takes an API key with the role operator.',
  type: 'search',
  group: 'Look-ups',
};

const apiCall: Module = {
  id: 'makeApiCall',
  label: 'Make an API call',
  description: 'Performs an arbitrary authorized API call.',
  type: 'universal',
  group: 'Other',
};
