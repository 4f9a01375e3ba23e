import { expect, it } from 'vitest'
import type { ExperimentService } from '../../../src/main/services/experiments.ts'
import { createPaperService } from '../../../src/main/services/paper.ts'
import type { PaperResults } from '../../../src/main/services/paperResults.ts'
import type { SpeedService } from '../../../src/main/services/speed.ts'
import type { Archive } from '../../../src/main/store/archive.ts'
import { estimateCost } from '../../../src/shared/estimate.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import type { ExperimentInput } from '../../../src/shared/experiment.ts'
import type { FigureDescription } from '../../../src/shared/papers/figure.ts'

const experiment = (steps: number, seeds: number[]): ExperimentInput => ({
  task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
  network: { hidden: 128 },
  dynamics: { kind: 'isolated', steps },
  seeds,
})

/** The card of a figure that was not run, on a machine of which so much is known. */
async function cardOf(experiments: ExperimentInput[], known: (steps: number) => number | null) {
  const description = { id: 'musat2025/fig6', experiments } as unknown as FigureDescription
  const service = createPaperService({
    archive: {} as Archive,
    results: {
      descriptions: () => Promise.resolve([description]),
      newestRuns: () => [],
      known: () => null,
    } as unknown as PaperResults,
    experiments: {} as ExperimentService,
    speed: {
      known: ({ dynamics }: { dynamics: { steps: number } }) => known(dynamics.steps),
    } as unknown as SpeedService,
  })
  const [card] = await service.cards()
  return card!
}

it('a figure costs what all its runs take, each as long as its own experiment foresees', async () => {
  const [short, long] = [experiment(100, [0, 1, 2]), experiment(10_000, [0])]
  const [each, longest] = [short, long].map((input) => estimateCost(parseExperiment(input), 1e9).seconds!)
  const { estimate } = await cardOf([short, long], () => 1e9)
  expect(estimate).toEqual({
    runs: [
      { seconds: each, count: 3 },
      { seconds: longest, count: 1 },
    ],
  })
})

it('a figure of which one experiment was not timed costs what is not known, and one without runs nothing', async () => {
  const inputs = [experiment(100, [0]), experiment(200, [0])]
  const { estimate } = await cardOf(inputs, (steps) => (steps === 100 ? 1e9 : null))
  expect(estimate).toEqual({ runs: null })
  expect((await cardOf([], () => 1e9)).estimate).toBeNull()
})
