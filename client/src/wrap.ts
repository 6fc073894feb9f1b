import { checkNames, checkShared, invalid, OPTIONS } from './options.ts';
import type { Once, OnceCall } from './types.ts';

export const wrapWith =
  (once: OnceCall): Once['wrap'] =>
  (job, work, options) => {
    checkNames(options, ['key', ...OPTIONS]);
    const { key, ...ofOnce } = options;
    checkShared(job, ofOnce);
    if (typeof key !== 'function') throw invalid('key', 'has to be a function of the arguments.');
    if (typeof work !== 'function') throw invalid('work', 'has to be a function.');
    return async function (this: unknown, ...args) {
      const own = Reflect.apply(key, this, args);
      return (await once(job, own, () => Reflect.apply(work, this, args), ofOnce)).value;
    };
  };
