import { limits, splitSizes, type TaskSpec } from '../../../shared/experiment.ts'
import { toyModelNames, toyModels, type ToyModelName } from '../../../shared/toyTask.ts'
import { formatCount } from '../../../shared/formatting/formatNumber.ts'
import { holds, type Field, type Section } from './field.ts'
import { dynamicsOfKind } from './dynamicsFields.ts'
import { valueAt, type SpecDraft } from './specPaths.ts'

const isModular = holds('task.kind', 'modularAddition')
const isToy = holds('task.kind', 'toy')

const fields: readonly Field[] = [
  {
    path: 'name',
    label: 'Name',
    kind: 'text',
    allowed: 'Up to 200 letters.',
    fallback: 'untitled',
    help: 'What the runs are called and grouped by.',
  },
  {
    path: 'task.kind',
    label: 'Task',
    kind: 'segments',
    choices: [
      { value: 'modularAddition', label: 'modular addition' },
      { value: 'toy', label: 'a few weights' },
    ],
    help: 'Addition in a ring, or the models of Fig. 1–4 with two or three weights.',
    write: (kind, draft) =>
      kind === 'toy'
        ? [
            { path: 'task', value: { kind, model: 'twoWeightLinear', start: toyStart('twoWeightLinear') } },
            { path: 'network', value: undefined },
            { path: 'dynamics', value: dynamicsOfKind('gradientFlow', draft) },
          ]
        : [
            { path: 'task', value: { kind, modulus: 23, trainFraction: 0.7 } },
            { path: 'network', value: { hidden: 256, activation: 'relu' } },
            { path: 'dynamics', value: dynamicsOfKind('isolated', draft) },
          ],
  },
  {
    path: 'task.modulus',
    label: 'Modulus',
    symbol: 'p',
    kind: 'number',
    allowed: `${limits.modulus.least} to ${limits.modulus.most}.`,
    help: 'The pairs $a$ ≤ $b$ are to be added mod $p$; the paper takes 11 and 37.',
    shown: isModular,
    unit: (draft) => countPairs(draft, ({ total }) => `${formatCount(total)} pairs`),
  },
  {
    path: 'task.trainFraction',
    label: 'Training share',
    symbol: 'f_s',
    kind: 'number',
    allowed: 'Above 0, below 1.',
    help: 'How many of the pairs are trained on, drawn at random by the seed.',
    shown: isModular,
    unit: (draft) => countPairs(draft, ({ train }) => `n = ${formatCount(train)}`),
  },
  {
    path: 'task.model',
    label: 'Model',
    kind: 'menu',
    choices: toyModelNames.map((value) => ({
      value,
      label: `${toyModels[value].title}: ${toyModels[value].zeroLossSet}`,
    })),
    help: 'Each with the set on which its loss is zero.',
    shown: isToy,
    write: (model) => [
      { path: 'task.model', value: model },
      { path: 'task.start', value: toyStart(model as ToyModelName) },
    ],
  },
  {
    path: 'task.start',
    label: 'Start',
    symbol: 'θ_0',
    kind: 'list',
    allowed: 'Two or three numbers.',
    help: 'One for each weight of the model.',
    shown: isToy,
  },
]

/** A start away from the zero-loss set, one number for each weight. */
export function toyStart(model: ToyModelName): number[] {
  return toyModels[model].parameters.map((_, i) => [-1, 1, 0.5][i]!)
}

export const taskSection: Section = {
  step: 'task',
  title: 'Task',
  text: 'What is to be learned, and how much of it is shown.',
  fields,
}

/** The sizes of the split in words, where the task's fields allow them to be known. */
function countPairs(draft: SpecDraft, describe: (sizes: ReturnType<typeof splitSizes>) => string): string {
  const modulus = valueAt(draft, 'task.modulus')
  const trainFraction = valueAt(draft, 'task.trainFraction')
  if (typeof modulus !== 'number' || typeof trainFraction !== 'number') return ''
  if (modulus < limits.modulus.least || modulus > limits.modulus.most || !Number.isInteger(modulus)) return ''
  const task: TaskSpec = { kind: 'modularAddition', modulus, trainFraction }
  return trainFraction > 0 && trainFraction < 1 ? describe(splitSizes(task)) : ''
}
