/** Apart from the descriptions, whose type is that of the specification: its schema has these words. */
export const dynamicsLabels = {
  training: 'training',
  isolated: 'isolated',
  zeroLossFlow: 'flow on Z',
  gradientFlow: 'gradient flow',
} satisfies Record<string, string>
