import { figureById } from '../../src/main/lab/papers/papers.ts'
import { openArchive } from '../../src/main/store/archive.ts'
import type { ComposedInput } from '../../src/shared/experiment.ts'
import { templates } from '../../src/shared/specification/templates.ts'
import { queueExperiments, recordExperiments, smallExperiment } from './browserArchive.ts'
import { recordExtremes } from './extremeArchive.ts'

const longestName = 200
const longestTag = 60

export type WideRuns = Record<'isolated' | 'training' | 'toy' | 'failed', string[]>

/** Runs of every kind, whose names, tags and steps take the most room they may; the ids of each experiment's runs. */
export async function recordWideRuns(path: string): Promise<WideRuns> {
  const name = longestOf('Isolated first layer, large steps, then small ones; ')
  // Its steps are counted in millions.
  const { [name]: isolated } = await recordExtremes(path, [{ name, stretch: 4817, size: 1 }])
  const training = await recordExperiments(path, [smallTraining({ name: longestOf('unbroken_') })])
  const toy = await recordExperiments(path, [
    { ...templates.toy, name: longestOf('Two weights on one sample; ') } as ComposedInput,
  ])
  const failed = await recordExperiments(path, [diverging({ name: longestOf('Steps that are much too large; ') })])
  for (const id of ['musat2025/fig1', 'musat2025/fig2', 'musat2025/fig3'] as const)
    await recordExperiments(path, figureById(id).experiments({}), id)
  tagWidely(path, [...isolated!, ...training, ...toy])
  return { isolated: isolated!, training, toy, failed }
}

/** Runs that wait to be computed, without end, and are acted on from outside; their ids. */
export function queueWideRuns(path: string): string[] {
  const changes = Array.from({ length: 5 }, (_, place) => ({
    kind: 'setWeightDecay' as const,
    at: 100 * 10 ** place,
    value: 10 ** -place,
  }))
  const spec = smallTraining({ name: longestOf('Weight decay in steps; '), interventions: changes })
  return queueExperiments(path, [{ ...spec, dynamics: { ...spec.dynamics, steps: 50_000_000 } } as ComposedInput])
}

function smallTraining(changes: Partial<ComposedInput>, learningRate = 0.5): ComposedInput {
  return smallExperiment({
    seeds: [0, 1],
    dynamics: {
      kind: 'training',
      optimizer: { kind: 'gradientDescent' },
      learningRate,
      weightDecay: 1e-4,
      loss: 'meanSquaredError',
      steps: 400,
    },
    record: { measureEvery: 10, snapshots: 'log', geometry: { every: 100 } },
    ...changes,
  } as Partial<ComposedInput>)
}

function diverging(changes: Partial<ComposedInput>): ComposedInput {
  return smallTraining({ network: { hidden: 32, activation: 'quadratic' }, ...changes }, 100)
}

function longestOf(words: string): string {
  return `${words.repeat(longestName).slice(0, longestName - 1)}.`
}

function tagWidely(path: string, runIds: readonly string[]) {
  const archive = openArchive(path)
  const many = Array.from({ length: 9 }, (_, place) => `sweep of widths ${place}`)
  archive.library.tag(runIds, { add: ['euler', 'a'.repeat(longestTag), ...many] })
  archive.close()
}
