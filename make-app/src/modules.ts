import { operations, type Operation, type OperationId } from '@onceonly/shared';
import { apiCall } from './api-call.ts';
import { communicationOf, mayStop } from './communication.ts';
import { fieldsOf, parameterOf } from './fields.ts';
import { interfaceOf, samplesOf } from './interface.ts';
import { sentenceCase } from './labels.ts';
import { listKeys } from './list-keys.ts';
import type { Module } from './module.ts';
import { overlays } from './overlay.ts';

/** Every module, in the order in which Make lists them. Instant triggers will come first, from shared definitions. */
export function modulesOf(): readonly Module[] {
  const made = Object.keys(operations).map((id) => moduleOf(id as OperationId));
  return [...made, listKeys, apiCall];
}

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
    parameters: fields.map(parameterOf),
    interface: interfaceOf(operation.outputs),
    samples: samplesOf(operation),
  };
}
