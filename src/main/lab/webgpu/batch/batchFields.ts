/** Fields of a step that `rateFields` gives. */
export const rateNames = ['rateE', 'rateW', 'shrinkageE', 'shrinkageW', 'decayE', 'decayW', 'squareCorrection'] as const

/** Fields of a step that are its own, in the order in which they are sent; a norm of 0 where it is free. */
export const ownNames = [...rateNames, 'lossScale', 'clampedNorm'] as const

/** Fields that all steps of a run have in common. */
export const constantNames = [
  'maxNorm',
  'momentum',
  'meanDecay',
  'meanShare',
  'squareDecay',
  'squareShare',
  'epsilon',
  'lossScale', // of all samples
] as const

/** What is told of a state that is recorded: sums over samples, and over the entries of θ and of ∇L. */
export const toldNumbers = [
  'trainSquaredError',
  'trainCrossEntropy',
  'trainRight',
  'smallestTrainMargin',
  'testSquaredError',
  'testCrossEntropy',
  'testRight',
  'testMarginSum',
  'firstLayerNormSquared',
  'secondLayerNormSquared',
  'largestGradient', // max|∇L|
  'gradientShares', // Σ(∇L/max|∇L|)²
] as const
