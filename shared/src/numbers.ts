import type { PlatformName } from './operations/operation.ts';

/** Whether a whole number is beyond 2^53, so that its last digits were lost when it was parsed. */
export const isInexact = (number: number): boolean =>
  Number.isInteger(number) && !Number.isSafeInteger(number);

/** The first inexact number in a parsed value; undefined if there is none. It does not recurse. */
export function inexactNumberIn(value: unknown): number | undefined {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const one = open.pop();
    if (typeof one === 'number' && isInexact(one)) return one;
    if (typeof one === 'object' && one !== null) for (const each of Object.values(one)) open.push(each);
  }
  return undefined;
}

/** How to keep the last digits of a long number on each platform. */
export const LONG_NUMBERS: Readonly<Record<PlatformName, string>> = {
  zapier: 'Use the trigger “Catch Raw Hook” of Webhooks by Zapier, or have it sent as text.',
  n8n: 'If a Webhook node brings it, switch on Raw Body in its options. From any other node, hand it on as text.',
  make: 'Switch on JSON pass-through in the webhook, or have it sent as text.',
  node: 'Hand it on as text.',
};
