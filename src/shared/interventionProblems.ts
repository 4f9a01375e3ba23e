import type { ComposedSpec } from './experiment.ts'
import { plainText } from './formatting/setSymbols.ts'
import { frequencyCount } from './frequencyCount.ts'
import { parametersOf } from './models/models.ts'
import { describeTask, taskSizes } from './tasks/tasks.ts'
import type { Problem } from './specification/problem.ts'
import { isDecoupled, ratesOfParameter } from './training.ts'

/** What the schema of a single field cannot see: interventions that do not fit the task, the dynamics or its length. */
export function interventionProblems({ task, dynamics, interventions }: ComposedSpec): Problem[] {
  const { isClosed, inputCycles, title } = describeTask(task)
  if (isClosed) return []
  const cycle = inputCycles(task)[0]
  const largest = cycle ? frequencyCount(cycle.places.length) : 0
  return interventions.flatMap((entry, i): Problem[] => {
    const problems: Problem[] = []
    const report = (field: (string | number)[], value: unknown, message: string) =>
      problems.push({ path: ['interventions', i, ...field], value, message })
    if (entry.at > dynamics.steps) {
      report(['at'], entry.at, `the run ends at step ${dynamics.steps}`)
    }
    if ('frequencies' in entry) {
      entry.frequencies.forEach((frequency, j) => {
        if (frequency > largest) {
          const allowed = largest > 0 ? `are 1 to ${largest}` : 'are those of a cyclic symmetry, and it has none'
          report(['frequencies', j], frequency, `frequencies of ${plainText(title(task))} ${allowed}`)
        }
      })
    } else if (dynamics.kind !== 'training' && !(entry.kind === 'rescale' && entry.layer === 'first')) {
      const acting = 'keepFrequencies, removeFrequencies and rescale of the first layer'
      report(['kind'], entry.kind, `on dynamics.kind "${dynamics.kind}" only ${acting} can act`)
    }
    return problems
  })
}

/**
 * Weight decays that alone would make training unstable: each step multiplies a weight by 1 − η·wd. AdamW's steps are no
 * longer with an L2 decay than without.
 */
export function weightDecayProblems({ task, network, dynamics, interventions }: ComposedSpec): Problem[] {
  if (dynamics.kind !== 'training' || describeTask(task).isClosed) return []
  const { learningRate, optimizer } = dynamics
  if (optimizer.kind === 'adamw' && !isDecoupled(dynamics)) return []
  const bound = optimizer.kind === 'momentum' && !isDecoupled(dynamics) ? 2 * (1 + optimizer.momentum) : 2
  const names = parametersOf(network, taskSizes(task)).map(({ name }) => name)
  const factors = names.map((name) => {
    const rates = ratesOfParameter(dynamics, name)
    return rates.learningRate * rates.weightDecay
  })
  const factor = Math.max(...factors)
  const times = factor === 1 ? '' : ` and the rates of ${names[factors.indexOf(factor)]}`
  const given = [
    { path: ['dynamics', 'weightDecay'] as (string | number)[], value: dynamics.weightDecay },
    ...interventions.flatMap((entry, i) =>
      entry.kind === 'setWeightDecay' ? [{ path: ['interventions', i, 'value'], value: entry.value }] : [],
    ),
  ]
  return given
    .filter(({ value }) => factor * learningRate * value >= bound)
    .map(({ path, value }) => ({
      path,
      value,
      message:
        `with dynamics.learningRate ${learningRate}${times} the product is ${factor * learningRate * value}, and from ` +
        `${bound} on decay alone diverges: set it below ${bound / (factor * learningRate)}`,
    }))
}
