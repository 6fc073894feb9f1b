/** What was tried to be faster: what, what it measured, whether it stayed. By hand, since no run measures it again. */
export const TRIED: readonly (readonly string[])[] = [];
