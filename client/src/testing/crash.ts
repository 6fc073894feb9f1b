import type { OnceCall } from '../types.ts';

/** Rejects a call whose attempt was made to die. */
export class Crashed extends Error {
  override readonly name = 'Crashed';

  constructor() {
    super('The attempt died, as it was told to.');
  }
}

/** Makes calls that can be killed while their work runs. */
export function crashable() {
  /** The fences of the attempts that died. */
  const dead = new Set<number | null>();
  const running = new Set<() => void>();
  const never = new Promise<never>(() => undefined);

  return {
    /** Whether the attempt with this fence died, and so must not reach the store any more. */
    died: (fence: number | null): boolean => dead.has(fence),

    crash: (): void => {
      for (const die of [...running]) die();
    },

    call: (once: OnceCall): OnceCall => {
      return (job, key, work, options) => {
        // Refused there, by its name.
        if (typeof work !== 'function') return once(job, key, work, options);
        return new Promise((resolve, reject) => {
          const dying: typeof work = async (attempt) => {
            const die = (): void => {
              dead.add(attempt.fence);
              running.delete(die);
              reject(new Crashed());
            };
            running.add(die);
            try {
              const value = await work(attempt);
              return dead.has(attempt.fence) ? await never : value;
            } catch (error) {
              if (dead.has(attempt.fence)) return await never;
              throw error;
            } finally {
              running.delete(die);
            }
          };
          once(job, key, dying, options).then(resolve, reject);
        });
      };
    },
  };
}
