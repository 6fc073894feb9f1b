import type { Elapsed } from '../../clock.ts';
import type { Finding } from '../store.ts';
import { CLOCKS_DIFFER_MS, inWords } from './clock-findings.ts';

/** A step is told for so long after it was noticed. */
const TOLD_MS = 3_600_000;

/**
 * Notices where the clock `of` somebody was set: from one call to the next it went on by more, or by less, than passed here.
 * Given what it shows (epoch milliseconds), answers what there is to say.
 */
export function watchSteps(of: string, elapsed: Elapsed): (clock: number) => readonly Finding[] {
  let before: { readonly clock: number; readonly at: number } | undefined;
  let noticed: { readonly finding: Finding; readonly at: number } | undefined;
  return (clock) => {
    const at = elapsed();
    const stepped = before === undefined ? 0 : clock - before.clock - (at - before.at);
    before = { clock, at };
    if (Math.abs(stepped) > CLOCKS_DIFFER_MS) noticed = { finding: step(of, stepped), at };
    return noticed !== undefined && at - noticed.at < TOLD_MS ? [noticed.finding] : [];
  };
}

function step(of: string, stepped: number): Finding {
  const by = inWords(Math.abs(stepped));
  return {
    what:
      stepped > 0
        ? `${of} was set forward by ${by}: leases and keys that end within that time have ended.`
        : `${of} was set back by ${by}: the store's time goes on from what it had reached.`,
    ok: false,
    remedy: 'Let its machine set its clock by NTP alone, which corrects it little by little.',
  };
}
