/** What is found in a run, in the order in which it usually comes. */
export const runEventNames = [
  'memorized',
  'halfRise',
  'generalized',
  'localErrorExceeded',
  'chattering',
  'stalled',
] as const
