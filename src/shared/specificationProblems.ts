import { lossDescriptions } from './dynamics/losses.ts'
import { decayTimeAt, stepsToDecayTime } from './decayTime.ts'
import type { ComposedSpec } from './experiment.ts'
import { limits } from './specification/limits.ts'
import { describeModel, parametersOf, type NetworkSpec } from './models/models.ts'
import { setTo, type Problem } from './specification/problem.ts'
import { describeTask, taskSizes } from './tasks/tasks.ts'

/** Fields that are right alone and do not fit each other. */
export function specificationProblems(spec: ComposedSpec): Problem[] {
  const problems = [
    ...taskProblems(spec),
    ...lossPrecisionProblems(spec),
    ...outputProblems(spec),
    ...spacingProblems(spec),
    ...geometryProblems(spec),
    ...chatteringProblems(spec),
    ...decayTimeProblems(spec),
    ...stopProblems(spec),
    ...trainingProblems(spec),
    ...scaleProblems(spec),
    ...modelProblems(spec),
  ]
  return problems.length > 0 ? problems : sizeProblems(spec)
}

function taskProblems({ task, dynamics, interventions, precision }: ComposedSpec): Problem[] {
  const { isClosed, problems: ownProblems } = describeTask(task)
  const problems = ownProblems(task)
  if (!isClosed) {
    const message = 'moves the tasks of kind "toy" only'
    if (dynamics.kind === 'gradientFlow') problems.push({ path: ['dynamics', 'kind'], value: dynamics.kind, message })
    return problems
  }
  if (dynamics.kind !== 'gradientFlow') {
    const message = 'a task of kind "toy" moves under "gradientFlow" only'
    problems.push({ path: ['dynamics', 'kind'], value: dynamics.kind, message })
  }
  if (interventions.length > 0) {
    const message = 'a task of kind "toy" takes none'
    problems.push({ path: ['interventions'], value: interventions, message })
  }
  if (precision !== 'float64') {
    const message = 'a task of kind "toy" runs in "float64"'
    problems.push({ path: ['precision'], value: precision, message, repairs: [setTo('precision', 'float64')] })
  }
  return problems
}

/** A loss is computed as exactly as the network, or more exactly. */
function lossPrecisionProblems({ dynamics, precision }: ComposedSpec): Problem[] {
  if (dynamics.kind !== 'training' || dynamics.lossPrecision !== 'float32') return []
  const path = ['dynamics', 'lossPrecision']
  const problem = (message: string) => [
    { path, value: 'float32', message, repairs: [setTo(path.join('.'), 'float64'), ...more] },
  ]
  const more = dynamics.loss === 'crossEntropy' ? [setTo('precision', 'float32', 'Compute all in float32')] : []
  if (dynamics.loss !== 'crossEntropy') {
    return problem(
      `it is for dynamics.loss "crossEntropy"; residuals and gradient of "${dynamics.loss}" have the run's precision anyway`,
    )
  }
  return precision === 'float32'
    ? []
    : problem(`only "float64" is allowed with precision "${precision}"; or set precision "float32"`)
}

/** A decay time at which the run's clock never arrives, or not in the steps that stand beside it. */
function decayTimeProblems({ dynamics, interventions }: ComposedSpec): Problem[] {
  const { decayTime, steps } = dynamics
  if (decayTime === undefined) return []
  const needed = stepsToDecayTime({ dynamics, interventions }, decayTime)
  if (needed === steps) return []
  const withoutDecayTime = setTo('dynamics.decayTime', undefined, 'Leave the decay time out')
  if (needed !== null) {
    const message = `dynamics.decayTime ${decayTime} takes ${needed}; give one of the two`
    const repairs = [setTo('dynamics.steps', undefined, 'Leave the steps out'), withoutDecayTime]
    return [{ path: ['dynamics', 'steps'], value: steps, message, repairs }]
  }
  const { max } = limits.steps
  const reached = decayTimeAt({ dynamics: { ...dynamics, steps: max }, interventions }, max)
  const clock =
    reached === 0
      ? 'the decay time of this run stands still'
      : `even the maximum of ${max} steps only reaches ${reached}`
  return [
    {
      path: ['dynamics', 'decayTime'],
      value: decayTime,
      message: `${clock}; give dynamics.steps instead`,
      repairs: [withoutDecayTime],
    },
  ]
}

/** An early end that says how much later in two ways, or in none. */
function stopProblems({ stop }: ComposedSpec): Problem[] {
  if (!stop || (stop.steps === undefined) !== (stop.decayTime === undefined)) return []
  if (stop.steps === undefined) {
    const message = 'it does not say how long after; give stop.steps or stop.decayTime'
    const repairs = [setTo('stop.steps', 1000, 'End 1000 steps later'), setTo('stop', undefined, 'Do not end early')]
    return [{ path: ['stop'], value: stop, message, repairs }]
  }
  const message = `how much later is said twice, by stop.decayTime (${stop.decayTime}) too; give one of the two`
  const repairs = [
    setTo('stop.steps', undefined, 'Leave the steps out'),
    setTo('stop.decayTime', undefined, 'Leave the decay time out'),
  ]
  return [{ path: ['stop', 'steps'], value: stop.steps, message, repairs }]
}

/** Batches larger than the training set, warm-ups longer than what is to follow them, a floor under nothing that falls. */
function trainingProblems({ task, dynamics }: ComposedSpec): Problem[] {
  if (dynamics.kind !== 'training') return []
  const { batch, schedule, steps, loss } = dynamics
  const problems: Problem[] = []
  const report = (path: string, value: unknown, message: string, repairs: Problem['repairs']) =>
    problems.push({ path: ['dynamics', ...path.split('.')], value, message, repairs })
  const { train } = taskSizes(task)
  if (batch && batch.size > train) {
    const repairs = [
      setTo('dynamics.batch.size', train),
      setTo('dynamics.batch', undefined, 'Take all pairs at each step'),
    ]
    report('batch.size', batch.size, `the training set has ${train} pairs: at most ${train}`, repairs)
  }
  if (lossDescriptions[loss].needsClasses && describeTask(task).targets(task) === 'real') {
    const repairs = [setTo('dynamics.loss', 'meanSquaredError')]
    report('loss', loss, 'the targets are real numbers; allowed: "meanSquaredError"', repairs)
  }
  if (!schedule) return problems
  if (schedule.shape === 'constant') {
    for (const name of ['steps', 'floor'] as const) {
      if (!schedule[name]) continue
      const message = 'it is for dynamics.schedule.shape "cosine", given "constant"'
      const repairs = [
        setTo('dynamics.schedule.shape', 'cosine'),
        setTo(`dynamics.schedule.${name}`, undefined, 'Leave it out'),
      ]
      report(`schedule.${name}`, schedule[name], message, repairs)
    }
  }
  const end = (schedule.shape === 'cosine' ? schedule.steps : undefined) ?? steps
  const max = schedule.shape === 'cosine' ? end - 1 : end
  if (schedule.warmupSteps > max) {
    const what = end === schedule.steps ? `the schedule ends at step ${end}` : `the run ends at step ${end}`
    const repairs = [setTo('dynamics.schedule.warmupSteps', Math.floor(max / 10))]
    report('schedule.warmupSteps', schedule.warmupSteps, `${what}: at most ${max}`, repairs)
  }
  return problems
}

/** A dynamics that asks for a linear readout; rates of parameters that the network does not have. */
function modelProblems({ task, network, dynamics }: ComposedSpec): Problem[] {
  if (describeTask(task).isClosed) return []
  const { whyNoLinearReadout } = describeModel(network)
  const why = whyNoLinearReadout(network)
  if (dynamics.kind === 'isolated' && why !== null) {
    const message = `the isolated first layer needs a network Ŷ = σ(XE)W, whose second layer is a regression on the first; ${why}`
    const repairs = network.biases ? [setTo('network.biases', undefined, 'Leave the biases out')] : []
    return [{ path: ['dynamics', 'kind'], value: dynamics.kind, message, repairs }]
  }
  if (dynamics.kind !== 'training') return []
  const names = parametersOf(network, taskSizes(task)).map(({ name }) => name)
  return Object.entries(dynamics.perParameter ?? {})
    .filter(([name]) => !names.includes(name))
    .map(([name, value]) => ({
      path: ['dynamics', 'perParameter', name],
      value,
      message: `the network has no parameter ${name}; it has ${names.join(', ')}`,
      repairs: [setTo(`dynamics.perParameter.${name}`, undefined, 'Leave it out')],
    }))
}

function scaleProblems({ task, initialization }: ComposedSpec): Problem[] {
  if (!describeTask(task).isClosed || (initialization.scale ?? 1) === 1) return []
  const message = 'a task of kind "toy" begins where task.start says'
  const repairs = [setTo('initialization.scale', undefined, 'Leave it out')]
  return [{ path: ['initialization', 'scale'], value: initialization.scale, message, repairs }]
}

/** Fixed steps end at every recorded step: there is nothing to interpolate. */
function outputProblems({ dynamics }: ComposedSpec): Problem[] {
  if (dynamics.kind === 'training') return []
  const { tolerance, output } = dynamics.integrator
  if (output !== 'dense' || typeof tolerance === 'number') return []
  const path = ['dynamics', 'integrator', 'output']
  const message = 'dense output is for adaptive steps: it needs a tolerance, a number in dynamics.integrator.tolerance'
  const repairs = [setTo('dynamics.integrator.tolerance', 1e-3), setTo(path.join('.'), 'stepEnds')]
  return [{ path, value: output, message, repairs }]
}

/** A model of a few weights has no pre-activations. */
function chatteringProblems({ task, record: { chattering } }: ComposedSpec): Problem[] {
  if (!chattering || !describeTask(task).isClosed) return []
  const repairs = [setTo('record.chattering', undefined, 'Do not measure it')]
  const message = 'a task of kind "toy" has no hidden units whose pre-activations could chatter'
  return [{ path: ['record', 'chattering'], value: chattering, message, repairs }]
}

/** What works on the zero-loss set: float64, a loss with such a set, a lag within the run. */
function geometryProblems({ dynamics, precision, record }: ComposedSpec): Problem[] {
  const problems: Problem[] = []
  const { geometry } = record
  if (precision !== 'float64' && (dynamics.kind === 'zeroLossFlow' || geometry)) {
    const what = geometry ? 'record.geometry' : 'dynamics.kind "zeroLossFlow"'
    const message = `${what} needs "float64"`
    problems.push({ path: ['precision'], value: precision, message, repairs: [setTo('precision', 'float64')] })
  }
  if (!geometry) return problems
  const path = ['record', 'geometry']
  const repairs = [setTo('record.geometry', undefined, 'Do not measure it')]
  if (dynamics.kind === 'gradientFlow') {
    problems.push({ path, value: geometry, message: 'a task of kind "toy" measures its geometry always', repairs })
  }
  if (dynamics.kind === 'training' && dynamics.loss !== 'meanSquaredError') {
    const message = `the zero-loss set is that of dynamics.loss "meanSquaredError", given "${dynamics.loss}"`
    problems.push({ path, value: geometry, message, repairs })
  }
  if (geometry.lag > geometry.every) {
    const message = `must not pass record.geometry.every (${geometry.every})`
    const shorter = setTo('record.geometry.lag', geometry.every)
    problems.push({ path: [...path, 'lag'], value: geometry.lag, message, repairs: [shorter] })
  }
  return problems
}

function spacingProblems({ record: { measureEvery, perDecade } }: ComposedSpec): Problem[] {
  if (perDecade === undefined || measureEvery === 'log') return []
  const message = `is of record.measureEvery "log", given ${measureEvery}`
  const repairs = [
    setTo('record.measureEvery', 'log', 'Measure log-spaced'),
    setTo('record.perDecade', undefined, 'Leave it out'),
  ]
  return [{ path: ['record', 'perDecade'], value: perDecade, message, repairs }]
}

function sizeProblems(spec: ComposedSpec): Problem[] {
  const { task, network, dynamics } = spec
  const min = minHidden(spec)
  if (network.hidden >= min) return []
  const { train, inputs, outputs } = taskSizes(task)
  const path = ['network', 'hidden']
  if (isInterpolating(dynamics)) {
    const message =
      `below the ${train} training pairs, and with ridge 0 the matrix HHᵀ must be invertible: ` +
      `set network.hidden to at least ${train}, or dynamics.ridge above 0`
    const ridge = setTo('dynamics.ridge', 0.01, 'Use a ridge, λ = 0.01')
    return [{ path, value: network.hidden, message, repairs: [...atLeast(train), ridge] }]
  }
  const message =
    `its ${parameterCount(network, { inputs, outputs })} weights cannot fit the ${train * outputs} training outputs exactly: ` +
    `set network.hidden to at least ${min}`
  return [{ path, value: network.hidden, message, repairs: atLeast(min) }]
}

/** The hidden units that a dynamics needs to fit all training samples, where it must: n, or as many as there are equations. */
export function minHidden({
  task,
  network,
  dynamics,
  record,
}: Pick<ComposedSpec, 'task' | 'network' | 'dynamics' | 'record'>): number {
  if (describeTask(task).isClosed) return 1
  const sizes = taskSizes(task)
  if (isInterpolating(dynamics)) return sizes.train
  const isOnSet = dynamics.kind === 'zeroLossFlow' || record.geometry !== undefined
  if (!isOnSet) return 1
  const equations = sizes.train * sizes.outputs
  const ofOne = parameterCount({ ...network, hidden: 1 }, sizes)
  const perUnit = parameterCount({ ...network, hidden: 2 }, sizes) - ofOne
  return 1 + Math.max(0, Math.ceil((equations - ofOne) / perUnit))
}

function parameterCount(network: NetworkSpec, sizes: { inputs: number; outputs: number }): number {
  return parametersOf(network, sizes).reduce((sum, { rows, columns }) => sum + rows * columns, 0)
}

/** HHᵀ is to be invertible. */
function isInterpolating(dynamics: ComposedSpec['dynamics']): boolean {
  return dynamics.kind === 'isolated' && dynamics.ridge === 0
}

/** The next power of two, and what is just enough. */
function atLeast(units: number) {
  return [nextPowerOfTwo(units), units].map((each) => setTo('network.hidden', each))
}

export function nextPowerOfTwo(units: number): number {
  return 2 ** Math.ceil(Math.log2(units))
}
