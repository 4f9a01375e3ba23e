import { decayTimeAt } from '../../../shared/decayTime.ts'
import { defaultPerDecade, requireComposed, type ComposedSpec } from '../../../shared/experiment.ts'
import { limits } from '../../../shared/specification/limits.ts'
import { parseExperiment } from '../../../shared/parseExperiment.ts'
import { formatCount, formatNumber } from '../../../shared/formatting/formatNumber.ts'
import { countThings } from '../../../shared/formatting/countThings.ts'
import { networkSchema, parameterNames, parametersOf } from '../../../shared/models/models.ts'
import { isModular, modularOperations } from '../../../shared/tasks/modular.ts'
import { counted } from '../../../shared/tasks/task.ts'
import { minHidden, nextPowerOfTwo } from '../../../shared/specificationProblems.ts'
import { describeTask, taskSchema, tasks, taskSizes, type TaskKind } from '../../../shared/tasks/tasks.ts'
import { datasetContent, type DatasetContent } from '../../../shared/tasks/dataset.ts'
import { toyModels, type ToyModelName } from '../../../shared/tasks/toy.ts'
import type { Field } from './field.ts'
import { nameFile } from '../../../shared/specification/namedFile.ts'
import { changed, valueAt, type Change, type SpecDraft } from '../../../shared/specification/paths.ts'
import { ownDecayKind } from '../../../shared/dynamics/training.ts'
import { kindAt } from '../../../shared/specification/kindAt.ts'
import { variantOf } from './variantOf.ts'

/** What is special about a line of the wizard: what it has to say of the rest of the draft, and what goes with it. */
export function ownFields(line: Field): Partial<Field> {
  const isNetworks = networkPaths.some((path) => line.path === path || line.path.startsWith(`${path}.`))
  const { shown = line.shown, ...others } = own[line.path]?.(line) ?? {}
  const parameter = /^dynamics\.perParameter\.(\w+)/.exec(line.path)?.[1]
  if (parameter) return { ...others, shown: (draft) => hasOrNames(draft, parameter) && shown(draft) }
  return { ...others, ...(isNetworks ? { shown: (draft) => isOfNetwork(draft) && shown(draft) } : { shown }) }
}

const isOfNetwork = (draft: SpecDraft) => {
  const kind = valueAt(draft, 'task.kind')
  return typeof kind === 'string' && Object.hasOwn(tasks, kind) && !tasks[kind as TaskKind].isClosed
}
const isAt = (draft: SpecDraft, path: string, value: unknown) => valueAt(draft, path) === value

/** What only a network has: a model of a few weights names no such fields. */
const networkPaths = [
  'network',
  'initialization',
  'precision',
  'record.memorizeThreshold',
  'record.generalizeThreshold',
  'record.geometry',
  'record.chattering',
]

const own: Readonly<Record<string, (line: Field) => Partial<Field>>> = {
  task: () => ({
    write: (kind, draft) =>
      kind === 'toy'
        ? [
            { path: 'task', value: { kind, model: 'twoWeightLinear', start: toyStart('twoWeightLinear') } },
            { path: 'network', value: undefined },
            {
              path: 'dynamics',
              value: { ...variantOf('dynamics', 'gradientFlow', withoutDynamics(draft)), ridge: 0.1 },
            },
          ]
        : withRoom(draft, [
            { path: 'task', value: fittingTask(kind, draft) },
            ...(isOfNetwork(draft)
              ? []
              : [
                  { path: 'network', value: variantOf('network', null, draft) },
                  { path: 'dynamics', value: variantOf('dynamics', 'isolated', withoutDynamics(draft)) },
                ]),
          ]),
  }),
  // What does not commute is of ordered pairs, and concatenated.
  'task.pairs': () => ({
    shown: commutes,
    write: (value, draft) =>
      withRoom(draft, [
        { path: 'task.pairs', value },
        ...(value === 'ordered' ? [{ path: 'task.inputs', value: 'concatenated' }] : []),
        ...givenAnew({ ...(valueAt(draft, 'task') as SpecDraft), pairs: value }),
      ]),
  }),
  'task.inputs': () => ({
    shown: commutes,
    write: (value, draft) =>
      withRoom(draft, [
        { path: 'task.inputs', value },
        ...(value === 'sum' ? [{ path: 'task.pairs', value: 'unordered' }] : []),
        ...(value === 'sum' ? givenAnew({ ...(valueAt(draft, 'task') as SpecDraft), pairs: 'unordered' }) : []),
      ]),
  }),
  'task.path': () => ({
    unit: describeContent,
    write: (path) => nameFile('task.path', path),
  }),
  'initialization.path': () => ({
    write: (path) => nameFile('initialization.path', path),
  }),
  'task.split': () => ({
    isOffered: (kind, draft) =>
      kind === 'file'
        ? valueAt(draft, 'task.content.train') !== undefined
        : (kind !== 'block' && kind !== 'strip') || isModular(String(valueAt(draft, 'task.kind'))),
    write: (kind, draft) => [
      { path: 'task.split', value: { kind } },
      ...(kind === 'file' ? [{ path: 'task.trainFraction', value: shareOfFile(draft) }] : []),
      ...givenAnew({ ...(valueAt(draft, 'task') as SpecDraft), split: { kind } }),
    ],
  }),
  'task.modulus': () => ({ unit: (draft) => countSamples(draft, ({ total }) => countThings(total, 'pair')) }),
  'task.trainFraction': () => ({ unit: (draft) => countSamples(draft, ({ train }) => `n = ${formatCount(train)}`) }),
  'task.model': () => ({
    write: (model) => [
      { path: 'task.model', value: model },
      { path: 'task.start', value: toyStart(model as ToyModelName) },
    ],
  }),
  network: ({ choices = [], shown }) => ({ shown: (draft) => choices.length > 1 && shown(draft) }),
  // The isolated first layer is that of a network without biases; where they stand in vain they can be taken back.
  'network.biases': ({ shown, write }) => ({
    shown: (draft) =>
      shown(draft) && (isAt(draft, 'network.biases', true) || !isAt(draft, 'dynamics.kind', 'isolated')),
    write: (value, draft) => withoutStrayRates(draft, write!(value, draft)),
  }),
  // The other dynamics is that of the models of a few weights, and comes with them.
  dynamics: ({ choices = [], write }) => ({
    shown: isOfNetwork,
    choices: choices.filter(({ value }) => value !== 'gradientFlow'),
    write: (kind, draft) => [
      ...write!(kind, draft),
      ...(kind === 'isolated' ? [{ path: 'network.biases', value: undefined }] : []),
    ],
  }),
  'dynamics.loss': () => ({
    write: (loss) => [
      { path: 'dynamics.loss', value: loss },
      ...(loss === 'crossEntropy' ? [] : [{ path: 'dynamics.lossPrecision', value: undefined }]),
    ],
  }),
  'dynamics.lossPrecision': () => ({
    fallback: 'float64',
    shown: (draft) =>
      isAt(draft, 'dynamics.kind', 'training') &&
      ((isAt(draft, 'precision', 'float32') && isAt(draft, 'dynamics.loss', 'crossEntropy')) ||
        valueAt(draft, 'dynamics.lossPrecision') !== undefined),
  }),
  'dynamics.weightDecayKind': ({ shown }) => ({
    shown: (draft) => shown(draft) && kindAt(draft, 'dynamics.optimizer.kind') !== 'gradientDescent',
    read: (draft) =>
      valueAt(draft, 'dynamics.weightDecayKind') ?? ownDecayKind(kindAt(draft, 'dynamics.optimizer.kind')),
  }),
  'dynamics.schedule.steps': ofCosine,
  'dynamics.schedule.floor': ofCosine,
  'dynamics.schedule.shape': () => ({
    write: (shape) => [
      { path: 'dynamics.schedule.shape', value: shape },
      ...(shape === 'constant'
        ? ['steps', 'floor'].map((name) => ({ path: `dynamics.schedule.${name}`, value: undefined }))
        : []),
    ],
  }),
  'dynamics.integrator.tolerance': (line) =>
    line.kind === 'number'
      ? { shown: (draft) => line.shown(draft) && isAdaptive(draft) }
      : {
          read: (draft) => (isAdaptive(draft) ? line.read!(draft) : 'none'),
          write: (value, draft) => [
            ...line.write!(value, draft),
            { path: 'dynamics.integrator.output', value: value === 'none' ? undefined : 'dense' },
          ],
        },
  'dynamics.integrator.output': ({ shown }) => ({
    fallback: 'stepEnds',
    shown: (draft) => shown(draft) && isAdaptive(draft),
  }),
  'dynamics.steps': () => ({
    unit: (draft) => (isByDecayTime(draft) ? '' : (describeSpec(draft, reachedTau) ?? 'steps')),
  }),
  'dynamics.decayTime': () => ({
    unit: (draft) => (isByDecayTime(draft) ? (describeSpec(draft, neededSteps) ?? '') : ''),
  }),
  'record.measureEvery': (line) =>
    line.kind === 'number'
      ? {}
      : {
          unit: () => '',
          write: (value, draft) => [
            ...line.write!(value, draft),
            ...(value === 'log' ? [] : [{ path: 'record.perDecade', value: undefined }]),
          ],
        },
  'record.perDecade': () => ({
    fallback: String(defaultPerDecade),
    shown: (draft) => isAt(draft, 'record.measureEvery', 'log') || valueAt(draft, 'record.perDecade') !== undefined,
  }),
  stop: () => ({
    write: (value) => [{ path: 'stop', value: value === 'on' ? { after: 'generalized', steps: 1000 } : undefined }],
  }),
  precision: () => ({
    shown: (draft) => !isAt(draft, 'dynamics.kind', 'zeroLossFlow'),
    write: (value) => [
      { path: 'precision', value },
      ...(value === 'float32' ? [] : [{ path: 'dynamics.lossPrecision', value: undefined }]),
    ],
  }),
}

/** Whether a draft's network has a parameter of a name; where that is not known, it may have. */
function hasParameter(draft: SpecDraft, name: string): boolean {
  const network = networkSchema.safeParse(valueAt(draft, 'network'))
  if (!network.success) return true
  return parametersOf(network.data, { inputs: 1, outputs: 1 }).some((parameter) => parameter.name === name)
}

/** Rates that stand in vain are shown too, so that they can be taken back. */
function hasOrNames(draft: SpecDraft, parameter: string): boolean {
  return hasParameter(draft, parameter) || valueAt(draft, `dynamics.perParameter.${parameter}`) !== undefined
}

/** Changes of the network, and no rates of parameters that it does not have then. */
function withoutStrayRates(draft: SpecDraft, changes: Change[]): Change[] {
  const next = changed(draft, changes)
  const stray = parameterNames
    .filter((name) => !hasParameter(next, name))
    .map((name) => `dynamics.perParameter.${name}`)
  return [
    ...changes,
    ...stray.filter((path) => valueAt(draft, path) !== undefined).map((path) => ({ path, value: undefined })),
  ]
}

function ofCosine({ shown }: Field): Partial<Field> {
  return { shown: (draft) => shown(draft) && isAt(draft, 'dynamics.schedule.shape', 'cosine') }
}

/** Whether a draft's integrator has a tolerance, be it by default. */
function isAdaptive(draft: SpecDraft): boolean {
  const byDefault = isAt(draft, 'dynamics.integrator.kind', 'dormandPrince') ? 1e-6 : 'none'
  return (valueAt(draft, 'dynamics.integrator.tolerance') ?? byDefault) !== 'none'
}

/** A start away from the zero-loss set, one number for each weight. */
function toyStart(model: ToyModelName): number[] {
  return toyModels[model].parameters.map((_, i) => [-1, 1, 0.5][i]!)
}

/** The steps stay, how they are taken does not. */
function withoutDynamics(draft: SpecDraft): SpecDraft {
  const said = ['steps', 'decayTime'].map((name) => [name, valueAt(draft, `dynamics.${name}`)] as const)
  const length = said.filter(([, value]) => value !== undefined)
  return changed(draft, [{ path: 'dynamics', value: length.length === 0 ? undefined : Object.fromEntries(length) }])
}

function commutes(draft: SpecDraft): boolean {
  const kind = valueAt(draft, 'task.kind')
  return typeof kind === 'string' && isModular(kind) && modularOperations[kind].commutes
}

/** A task of another kind: what it cannot be of what there is, is as the kind has it. */
function fittingTask(kind: string, draft: SpecDraft): SpecDraft {
  const task = variantOf('task', kind, draft)
  const parsed = taskSchema.safeParse(task)
  if (parsed.success && describeTask(parsed.data).problems(parsed.data).length === 0) return task
  const bare = changed(
    draft,
    ['pairs', 'inputs', 'split'].map((name) => ({ path: `task.${name}`, value: undefined })),
  )
  return variantOf('task', kind, bare)
}

/** A list of training samples as long as the share says, the first of the data: to be replaced by one's own. */
function givenAnew(task: SpecDraft): Change[] {
  if (valueAt(task, 'split.kind') !== 'given') return []
  const parsed = taskSchema.safeParse({ ...task, split: { kind: 'random' } })
  const count = parsed.success ? taskSizes(parsed.data).train : 1
  return [{ path: 'task.split', value: { kind: 'given', train: [...counted(count)] } }]
}

/** Changes of the task, and as many hidden units as it needs then. */
function withRoom(draft: SpecDraft, changes: Change[]): Change[] {
  const next = changed(draft, changes)
  const hidden = valueAt(next, 'network.hidden')
  try {
    const network = { ...(valueAt(next, 'network') as object), hidden: limits.hidden.max }
    const min = minHidden(requireComposed(parseExperiment({ ...next, network })))
    const isWide = typeof hidden !== 'number' || hidden >= min
    return isWide ? changes : [...changes, { path: 'network.hidden', value: nextPowerOfTwo(min) }]
  } catch {
    return changes
  }
}

function shareOfFile(draft: SpecDraft): number {
  const { train = 0, samples } = valueAt(draft, 'task.content') as DatasetContent
  return train / samples
}

/** What a file of data holds, in a few words. */
function describeContent(draft: SpecDraft): string {
  const content = datasetContent.safeParse(valueAt(draft, 'task.content'))
  if (!content.success) return ''
  const { samples, features, targets, outputs } = content.data
  const answers =
    targets === 'classes'
      ? `${formatCount(outputs)} classes`
      : `${formatCount(outputs)} real ${outputs === 1 ? 'target' : 'targets'}`
  return `$n$ = ${formatCount(samples)}, $m$ = ${formatCount(features)}, ${answers}`
}

/** The sizes of the split in words, where the task's fields allow them to be known. */
function countSamples(draft: SpecDraft, describe: (sizes: ReturnType<typeof taskSizes>) => string): string {
  const task = taskSchema.safeParse(valueAt(draft, 'task'))
  return task.success ? describe(taskSizes(task.data)) : ''
}

const isByDecayTime = (draft: SpecDraft) => valueAt(draft, 'dynamics.decayTime') !== undefined

const reachedTau = (spec: ComposedSpec) => `to τ = ${formatNumber(decayTimeAt(spec, spec.dynamics.steps), 3)}`
const neededSteps = ({ dynamics: { steps } }: ComposedSpec) => countThings(steps, 'step')

/** Of a draft that is right, what is to be said of it. */
function describeSpec(draft: SpecDraft, describe: (spec: ComposedSpec) => string): string | null {
  try {
    return describe(requireComposed(parseExperiment(draft)))
  } catch {
    return null
  }
}
