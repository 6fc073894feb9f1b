import { invalid } from './options.ts';
import type { Once, OnceCall } from './types.ts';

export const wrapWith =
  (once: OnceCall): Once['wrap'] =>
  (job, work, { key, ...options }) => {
    if (typeof key !== 'function') throw invalid('key', 'has to be a function of the arguments.');
    return async (...args) => (await once(job, key(...args), () => work(...args), options)).value;
  };
