import { activations, losses, optimizerKinds, precisions } from './experiment.ts'
import { figureIds } from './paper.ts'
import { runStatuses, type RunSummary } from './run.ts'

/** `share` is written in parts of 1 or in percent, `duration` in seconds, `date` in milliseconds since 1970. */
export type NumericKind = 'number' | 'share' | 'duration' | 'date'

interface Described {
  /** The first is the one that is shown; the others are understood as well. */
  names: readonly [string, ...string[]]
  help: string
}

export interface NumericField extends Described {
  kind: NumericKind
  of: (run: RunSummary, now: number) => number | null
}

/** A `text` is searched for what it contains, a `word` is compared whole. */
export interface TextField extends Described {
  kind: 'text' | 'word'
  of: (run: RunSummary) => readonly (string | null)[]
  /** The only values there can be. */
  words?: readonly string[]
}

export type RunField = NumericField | TextField

const number = (names: Described['names'], help: string, of: NumericField['of']): RunField => ({
  names,
  help,
  kind: 'number',
  of,
})
const numeric = (kind: NumericKind, names: Described['names'], help: string, of: NumericField['of']): RunField => ({
  names,
  help,
  kind,
  of,
})
const word = (
  names: Described['names'],
  help: string,
  of: (run: RunSummary) => string | null | readonly string[],
  words?: readonly string[],
): RunField => ({ names, help, kind: 'word', of: (run) => [of(run)].flat(), ...(words && { words }) })
const text = (names: Described['names'], help: string, of: TextField['of']): RunField => ({
  names,
  help,
  kind: 'text',
  of,
})

const difference = (end: number | null, start: number | null) => (end === null || start === null ? null : end - start)

/** Everything a filter can ask of a run, in the order in which it is offered. */
export const runFields: readonly RunField[] = [
  text(['name'], 'name of the run or its experiment', ({ name, experiment }) => [name, experiment]),
  word(['tag'], 'one of its tags', ({ tags }) => (tags.length > 0 ? tags : null)),
  word(['status'], 'what it is doing, or how it ended', ({ status }) => status, runStatuses),
  number(['p', 'modulus'], 'modulus of the task', ({ modulus }) => modulus),
  number(['d_h', 'hidden'], 'hidden units', ({ hidden }) => hidden),
  number(['n', 'trainPairs'], 'training pairs', ({ trainPairs }) => trainPairs),
  numeric('share', ['f_s', 'trainFraction'], 'share of pairs trained on', ({ trainFraction }) => trainFraction),
  number(['seed'], 'seed', ({ seed }) => seed),
  word(['activation'], 'activation', ({ activation }) => activation, activations),
  word(['dynamics'], 'what moves the weights', ({ dynamics }) => dynamics),
  word(['integrator'], 'integrator', ({ integrator }) => integrator),
  word(['optimizer'], 'optimizer', ({ optimizer }) => optimizer, optimizerKinds),
  word(['loss'], 'loss', ({ loss }) => loss, losses),
  number(['eta', 'η'], 'step size or learning rate', ({ stepSize, learningRate }) => stepSize ?? learningRate),
  number(['stepSize'], 'step size of the integrator', ({ stepSize }) => stepSize),
  number(['learningRate'], 'learning rate of training', ({ learningRate }) => learningRate),
  number(['ridge', 'lambda', 'λ'], 'ridge', ({ ridge }) => ridge),
  number(['weightDecay', 'wd'], 'weight decay', ({ weightDecay }) => weightDecay),
  number(['tolerance'], 'tolerance of an adaptive step', ({ tolerance }) => tolerance),
  number(['interventions'], 'planned interventions', ({ interventions }) => interventions),
  word(['initialization', 'init'], 'how it starts', ({ initialization }) => initialization),
  word(['task'], 'task', ({ task }) => task),
  word(['precision'], 'precision', ({ precision }) => precision, precisions),
  word(['figure'], 'figure of the paper', ({ figure }) => figure, figureIds),
  number(['step'], 'steps done', ({ step }) => step),
  number(['steps'], 'steps planned', ({ steps }) => steps),
  number(['tau', 'τ'], 'decay time reached', ({ tau }) => tau),
  number(['t_memorise'], 'step of memorisation', ({ memorisedStep }) => memorisedStep),
  number(['t_grok', 't_generalise'], 'step of generalisation', ({ generalisedStep }) => generalisedStep),
  number(['t_half'], 'step of the half rise', ({ halfRiseStep }) => halfRiseStep),
  number(['t_stalled'], 'step of a dead end', ({ stalledStep }) => stalledStep),
  number(['delay'], 'steps from memorisation to generalisation', ({ generalisedStep, memorisedStep }) =>
    difference(generalisedStep, memorisedStep),
  ),
  number(['tau_memorise'], 'decay time of memorisation', ({ memorisedTau }) => memorisedTau),
  number(['tau_grok', 'tau_generalise'], 'decay time of generalisation', ({ generalisedTau }) => generalisedTau),
  number(['tau_half'], 'decay time of the half rise', ({ halfRiseTau }) => halfRiseTau),
  number(['tau_delay'], 'decay time from memorisation to generalisation', ({ generalisedTau, memorisedTau }) =>
    difference(generalisedTau, memorisedTau),
  ),
  numeric('share', ['trainAccuracy'], 'latest training accuracy', ({ trainAccuracy }) => trainAccuracy),
  numeric('share', ['testAccuracy'], 'latest test accuracy', ({ testAccuracy }) => testAccuracy),
  number(['trainLoss'], 'latest training loss', ({ trainLoss }) => trainLoss),
  number(['testMse'], 'latest test error', ({ testMse }) => testMse),
  number(['E2', 'firstLayerNormSquared'], 'latest ‖E‖²', (run) => run.firstLayerNormSquared),
  number(['W2', 'secondLayerNormSquared'], 'latest ‖W‖²', (run) => run.secondLayerNormSquared),
  number(['localError'], 'largest local error of a fixed step', ({ largestLocalError }) => largestLocalError),
  numeric('duration', ['time', 'seconds'], 'time spent computing', ({ seconds }) => seconds),
  numeric('duration', ['age'], 'time since it was made', ({ createdAt }, now) => (now - createdAt) / 1000),
  numeric('date', ['created'], 'day it was made', ({ createdAt }) => createdAt),
  numeric('date', ['started'], 'day it started', ({ startedAt }) => startedAt),
  numeric('date', ['ended'], 'day it ended', ({ finishedAt }) => finishedAt),
  word(['is'], 'archived, binned, branched, stalled, or flagged for its local error', properties, [
    'archived',
    'binned',
    'branched',
    'stalled',
    'flagged',
  ]),
  word(['code'], 'why it failed', ({ code }) => code),
  text(['message'], 'what it said when it ended', ({ message }) => [message]),
  word(['id'], 'id of the run', ({ id }) => id),
  word(['parent'], 'id of the run it branched from', ({ parentRunId }) => parentRunId),
]

const fieldsByName = new Map(runFields.flatMap((field) => field.names.map((name) => [name.toLowerCase(), field])))

export function findRunField(name: string): RunField | undefined {
  return fieldsByName.get(name.toLowerCase())
}

function properties({ archivedAt, binnedAt, parentRunId, stalledStep, localErrorExceededStep }: RunSummary): string[] {
  return [
    ...(archivedAt === null ? [] : ['archived']),
    ...(binnedAt === null ? [] : ['binned']),
    ...(parentRunId === null ? [] : ['branched']),
    ...(stalledStep === null ? [] : ['stalled']),
    ...(localErrorExceededStep === null ? [] : ['flagged']),
  ]
}
