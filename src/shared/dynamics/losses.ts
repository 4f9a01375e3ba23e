/** What is said of a loss without its values, which are its other half, in `lab/network`. */
interface LossDescription {
  label: string
  /** What its mean is over. */
  terms: 'entries' | 'samples'
  /** Whether its targets are classes, and no real numbers. */
  needsClasses: boolean
}

export const lossDescriptions = {
  meanSquaredError: { label: 'squared error', terms: 'entries', needsClasses: false },
  crossEntropy: { label: 'cross-entropy', terms: 'samples', needsClasses: true },
} satisfies Record<string, LossDescription>

export type Loss = keyof typeof lossDescriptions
export const losses = Object.keys(lossDescriptions) as Loss[]
