/** What a device does before the first step of a run: it is tested, and then the run's kernels are compiled. */
export type Preparation = { doing: 'testing' } | { doing: 'compiling'; done: number; of: number }

/** As it is told beside a run. */
export function describePreparation(preparation: Preparation): string {
  if (preparation.doing === 'testing') return 'testing the device'
  return `compiling kernels (${preparation.done} of ${preparation.of})`
}
