import { CONNECTION_TEST } from '../connection.ts';
import { OnceOnlyError } from '../errors.ts';
import type { Inputs } from '../inputs.ts';
import { defaultOf } from '../inputs.ts';
import type { Json, JsonObject } from '../json.ts';
import type { Capability, Field, Operation, PlatformName } from '../operations/operation.ts';
import type { Send } from './send.ts';

export interface Capabilities {
  /** The account of the API key. */
  me(deadlineAt: number): Promise<JsonObject>;
  /** Whether the service has this capability. The hosted API has none. */
  has(capability: Capability, deadlineAt: number): Promise<boolean>;
}

/** Asks the service for its capabilities once. After a failure, the next call asks again. */
export function createCapabilities(send: Send): Capabilities {
  let known: JsonObject | undefined;
  const me = async (deadlineAt: number): Promise<JsonObject> => {
    known ??= (await send(() => CONNECTION_TEST, deadlineAt)).answer;
    return known;
  };
  const has = async (capability: Capability, deadlineAt: number): Promise<boolean> => {
    const { capabilities } = await me(deadlineAt);
    return Array.isArray(capabilities) && capabilities.includes(capability);
  };
  return { me, has };
}

/** Refuses an option that the service does not support with `needs_own_server`, before anything is sent. It is never just ignored. */
export async function refuseWhatCannotBeKept(
  operation: Operation,
  inputs: Inputs,
  platform: PlatformName,
  has: (capability: Capability) => Promise<boolean>,
): Promise<void> {
  for (const field of operation.fields) {
    const chosen = inputs[field.id] ?? null;
    const needs = needsOf(field, chosen);
    if (needs === undefined || chosen === null || chosen === defaultOf(field, platform)) continue;
    if (!(await has(needs))) {
      throw new OnceOnlyError('needs_own_server', {
        field: field.id,
        detail: `“${nameOf(field)}” works only with your own OnceOnly server. ${undo(field, platform)}, or connect to your server.`,
      });
    }
  }
}

/** The label without its unit. */
const nameOf = ({ label }: Field): string => label.replace(/ \(.*\)$/, '');

/** How the user can undo a choice. */
function undo(field: Field, platform: PlatformName): string {
  const value = defaultOf(field, platform);
  if (value === null) return 'Leave it empty';
  if (field.type === 'boolean') return `Set it back to ${value === true ? 'Yes' : 'No'}`;
  if (field.type !== 'choice') return `Set it back to ${String(value)}`;
  const label = field.choices.find((choice) => choice.value === value)?.label ?? String(value);
  return `Set it back to “${label}”`;
}

function needsOf(field: Field, chosen: Json): Capability | undefined {
  if (field.type !== 'choice') return field.needs;
  return field.choices.find(({ value }) => value === chosen)?.needs ?? field.needs;
}
