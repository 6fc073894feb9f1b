import type { Json } from '@onceonly/shared';
import { hashOf } from '@onceonly/shared/sources/canonical.ts';
import type { Make } from '@makehq/sdk';
import { readSection, writeSection } from './remote.ts';
import type { Section } from './sections.ts';

/** A deployment under way: what it is done with, and what was done. */
export interface Work {
  readonly make: Make;
  /** What was done, or would be, in order. */
  readonly steps: readonly string[];
  readonly dryRun: boolean;
  /** Does it, or only says so. */
  act<T>(step: string, work: () => Promise<T>): Promise<T | undefined>;
  /** Writes those sections that differ; all, where what they are of does not exist yet. */
  write(of: string, sections: readonly Section[], exists: boolean): Promise<void>;
}

export function startWork(make: Make, dryRun: boolean): Work {
  const steps: string[] = [];
  const act: Work['act'] = async (step, work) => {
    steps.push(step);
    return dryRun ? undefined : work();
  };
  return {
    ...{ make, steps, dryRun, act },
    write: async (of, sections, exists) => {
      for (const section of sections) {
        const there = exists && hashOf((await readSection(make, section)) as Json);
        if (there === hashOf(section.contents)) continue;
        await act(`write ${of}: ${section.name}`, () => writeSection(make, section));
      }
    },
  };
}
