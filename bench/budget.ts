/** Milliseconds of a submit, in a page as elsewhere: a page that only measures draws nothing for which to cut the work. */
export const BUDGET = 2000;
