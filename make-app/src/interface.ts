import type { Operation, Output } from '@onceonly/shared';
import type { Members } from './json.ts';
import { sentenceCase } from '@onceonly/shared/sentence-case.ts';

const TYPES = { text: 'text', integer: 'integer', boolean: 'boolean', date: 'date', json: 'any' } as const;

/** What a module gives, for those who map it: the outputs of the other platforms, name for name. */
export function interfaceOf(outputs: readonly Pick<Output, 'id' | 'label' | 'type'>[]): readonly Members[] {
  return outputs.map(({ id, label, type }) => ({ name: id, type: TYPES[type], label: sentenceCase(label) }));
}

export function samplesOf({ outputs, sample }: Operation, own: Members = {}): Members {
  return Object.fromEntries(outputs.map(({ id }) => [id, own[id] ?? sample[id]]));
}
