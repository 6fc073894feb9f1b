import {
  operations,
  sampleOf,
  triggers,
  type Operation,
  type OperationId,
  type Trigger,
} from '@onceonly/shared';
import { apiCall } from './api-call.ts';
import { communicationOf, mayStop } from './communication.ts';
import { fieldsOf, formOf } from './fields.ts';
import { interfaceOf, samplesOf } from './interface.ts';
import { sentenceCase } from './labels.ts';
import { listKeys } from './list-keys.ts';
import type { Module, Webhook } from './module.ts';
import { overlays } from './overlay.ts';
import { webhookOf } from './webhooks.ts';

const watched: readonly Trigger[] = Object.values(triggers);

/** Every module, in the order in which Make lists them. */
export function modulesOf(): readonly Module[] {
  const made = Object.keys(operations).map((id) => moduleOf(id as OperationId));
  return [...watched.map(watchModuleOf), ...made, listKeys, apiCall];
}

export const webhooksOf = (): readonly Webhook[] => watched.map(webhookOf);

function moduleOf(id: OperationId): Module {
  const operation: Operation = operations[id];
  const overlay = overlays[id];
  const fields = fieldsOf(operation, overlay);
  return {
    id,
    label: sentenceCase(operation.label),
    description: operation.description,
    // A search may find nothing, and then the route ends: the documented way to stop without an error.
    type: mayStop(operation) ? 'search' : 'action',
    group: operation.kind === 'lookup' ? 'Look-ups' : 'Keys',
    communication: communicationOf(operation, fields, overlay),
    parameters: formOf(fields),
    interface: interfaceOf(operation.outputs),
    samples: samplesOf(operation),
  };
}

const watchModuleOf = (trigger: Trigger): Module => ({
  id: trigger.id,
  label: sentenceCase(`Watch Events: ${trigger.label}`),
  description: trigger.description,
  type: 'instant_trigger',
  group: 'Triggers',
  webhook: trigger.id,
  communication: {},
  parameters: [],
  interface: interfaceOf(trigger.outputs),
  samples: sampleOf(trigger),
});
