import { newInEachRun, OnceOnlyError, type Operation } from '@onceonly/shared';
import type { Bundle } from 'zapier-platform-core';

/** The fields that tell one event from another, and what events would do that lack a part of one. */
const NAMING: Readonly<Record<string, string>> = {
  job: 'share one key',
  key: 'share one key',
  group: 'wait for one another',
  sequence: 'count as one change',
};

/** What stands for mapped fields, before Zapier fills it in; several without a word between are one. */
const MAPPED = /(?:\{\{[^{}]*\}\})+/;

/** What Zapier fills in with the time of the run, to the second; of a day alone, a run of that day has it too. */
const TIME_OF_RUN = /\{\{zap_meta_(?:\w+_)?(?:human_now|timestamp|iso)\}\}/;

/**
 * Holds what Zapier filled in against what was mapped: Zapier puts nothing in the place of a field that is missing, so that
 * “Event:Order ID” would be one key for all events without an order. Throws `invalid_input`, which names the field. Where
 * the text fits both, since a field's own value begins or ends as the words between do, it counts as missing: an error is
 * read, a wrong key is not.
 */
export function checkParts(
  operation: Operation,
  { inputData, inputDataRaw = {} }: Partial<Pick<Bundle, 'inputData' | 'inputDataRaw'>>,
): void {
  for (const field of operation.fields) {
    const [raw, value = ''] = [inputDataRaw[field.id], inputData?.[field.id]];
    const would = NAMING[field.id];
    if (would === undefined || typeof raw !== 'string' || typeof value !== 'string') continue;
    const time = TIME_OF_RUN.exec(raw)?.[0];
    if (time !== undefined && (field.id === 'job' || field.id === 'key')) {
      const detail = newInEachRun(field.label, time);
      throw new OnceOnlyError('invalid_input', { field: field.id, detail });
    }
    const missing = missingPart(raw, value, field.required !== true);
    if (missing === undefined) continue;
    const detail = `Part of the ${field.label.toLowerCase()} is missing: the field “${missing}” came empty. All events without it would ${would}. Use a field that every event has, or filter out events without it.`;
    throw new OnceOnlyError('invalid_input', { field: field.id, detail });
  }
}

/** Whether the key of a claim was typed in, so that all events have it. */
export const isSameForAll = (
  { id }: Operation,
  { inputData, inputDataRaw = {} }: Partial<Pick<Bundle, 'inputData' | 'inputDataRaw'>>,
): boolean => {
  const [{ key }, from] = [inputDataRaw, inputData?.['key_from']];
  const isEntered = from === undefined || from === '' || from === 'value';
  return (
    (id === 'claimKey' || id === 'lockKey') &&
    isEntered &&
    typeof key === 'string' &&
    key.trim() !== '' &&
    !MAPPED.test(key)
  );
};

function missingPart(raw: string, value: string, mayBeEmpty: boolean): string | undefined {
  const words = raw.split(MAPPED);
  const mapped = raw.match(new RegExp(MAPPED, 'g')) ?? [];
  // A lone field that is empty is an empty key, which has a sentence of its own; a version or a group that is left out has none.
  if (words.join('').trim() === '' && !(mayBeEmpty && value.trim() === '')) return undefined;
  const blankAt = mapped.findIndex((_, nth) => {
    const around = `${words[nth] ?? ''}${words[nth + 1] ?? ''}`;
    const [isFirst, isLast] = [nth === 0, nth === mapped.length - 1];
    if (isFirst && isLast) return value.trim() === around.trim();
    if (isFirst) return value.startsWith(around);
    return isLast ? value.endsWith(around) : value.includes(around);
  });
  return mapped[blankAt]
    ?.replace(/^\{\{(?:\d+__)?/, '')
    .replace(/\}\}[\s\S]*$/, '')
    .replaceAll('__', '.');
}
