import type { Attempt } from './types.ts';

/** In the global symbol registry, so that all copies of this package share it. */
const ATTEMPTS = Symbol.for('onceonly.attempts');
const found = Reflect.get(globalThis, ATTEMPTS) as WeakMap<object, Attempt> | undefined;

/** The attempts that requests and calls of tools belong to. */
export const attempts = found ?? new WeakMap<object, Attempt>();
Reflect.set(globalThis, ATTEMPTS, attempts);
