/** What Redis answers: text, whole numbers, nothing, and lists of those. */
export type Value = string | number | null | readonly Value[];
