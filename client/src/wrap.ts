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
    return async (...args) => (await once(job, key(...args), () => work(...args), ofOnce)).value;
  };
