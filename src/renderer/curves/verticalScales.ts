/** Scales of a vertical axis, as a control offers them. */
export const verticalScales = [
  { value: 'linear', label: 'linear' },
  { value: 'log', label: 'log' },
] as const
