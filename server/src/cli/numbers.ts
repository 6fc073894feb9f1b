import { InvalidArgumentError } from 'commander';

/** Of an option. */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,14}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It is a whole number, 1 or more.');
}
