import { formatCount } from './formatting/formatNumber.ts'

/**
 * What is done before the first step of a run: a device is tested, then the run's kernels are compiled, and a start that is trained is trained
 * for so many steps.
 */
export type Preparation = { doing: 'testing' } | { doing: 'compiling' | 'training'; done: number; of: number }

/** As it is told beside a run. */
export function describePreparation(preparation: Preparation): string {
  if (preparation.doing === 'testing') return 'testing the device'
  const share = `(${formatCount(preparation.done)} of ${formatCount(preparation.of)})`
  return preparation.doing === 'compiling' ? `compiling kernels ${share}` : `training its start ${share}`
}
