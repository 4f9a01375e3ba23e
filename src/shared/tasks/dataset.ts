import { z } from 'zod'
import { filePath } from '../filePath.ts'
import type { MatrixData } from '../matrix.ts'
import { setTo, type Problem } from '../specification/problem.ts'
import { words } from '../specification/words.ts'
import { givenSplit, randomSplit, splitProblems, splitSizes, splitLabels, trainFraction } from './split.ts'
import { counted, type TaskDescription } from './task.ts'

/** The arrays of a file of samples, as they are stored and computed with. */
export interface Dataset {
  /** n × m. */
  X: MatrixData
  /** Targets: one of o classes for each sample, or real numbers, n × o. */
  Y: Int32Array | MatrixData
  /** Training samples, ascending, where the file itself names them. */
  train?: Int32Array
}

/** Numbers that X may hold, and Y: of float64 they take 256 MiB. */
export const maxNumbers = 2 ** 25
export const maxClasses = 16_384

const count = (max: number) => z.int('expected a whole number').min(1).max(max)

/** What a file holds: found in it, and kept in the specification, so that this says by itself what is computed. */
export const datasetContent = z.strictObject({
  hash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected the 64 hexadecimal digits of a SHA-256')
    .register(words, {
      label: 'hash of the data',
      help: 'SHA-256 of X, Y and train, whatever the file that they came in.',
      isFound: true,
    }),
  samples: count(maxNumbers).register(words, { label: 'samples', help: 'Rows of X and Y.', isFound: true }),
  features: count(maxNumbers).register(words, {
    label: 'features',
    symbol: 'm',
    help: 'Columns of X.',
    isFound: true,
  }),
  targets: z.enum(['classes', 'real']).register(words, {
    label: 'targets',
    help: 'Classes where Y is a list of whole numbers, else real numbers.',
    isFound: true,
  }),
  outputs: count(maxNumbers).register(words, {
    label: 'outputs',
    symbol: 'o',
    help: 'Classes, or columns of Y.',
    isFound: true,
  }),
  train: count(maxNumbers)
    .register(words, {
      label: 'training samples of the file',
      help: 'How many samples its array train lists.',
      isFound: true,
    })
    .optional(),
})

export type DatasetContent = z.output<typeof datasetContent>

export const datasetSchema = z.strictObject({
  kind: z.literal('dataset'),
  path: filePath.clone().register(words, {
    label: 'data file',
    help: 'An .npz with X ($n$ × $m$) and Y: $n$ whole numbers are classes, $n$ × $o$ numbers are real targets; optionally train, indices or a mask of the training samples.',
    example: '',
  }),
  trainFraction,
  split: z
    .discriminatedUnion('kind', [randomSplit, givenSplit, z.strictObject({ kind: z.literal('file') })])
    .register(words, splitLabels)
    .default({ kind: 'random' }),
  content: datasetContent,
})

export type DatasetTask = z.output<typeof datasetSchema>

/** Samples from a file of one's own. SCIENCE.md §2. */
export const dataset: TaskDescription<DatasetTask> = {
  label: 'data from a file',
  inputsOf: { domain: 'file', fields: ['content.hash'], areDrawn: false },
  hasDenseInputs: true,
  isClosed: false,
  targets: ({ content: { targets } }) => targets,
  title: ({ path }) => path.split(/[/\\]/).at(-1)!,
  sizes,
  gridSide: () => null,
  inputCycles: () => [],
  outputCycle: () => null,
  inputNames: ({ content: { features } }) => ({ feature: counted(features).map((place) => place + 1) }),
  outputNames: ({ content: { outputs } }) => ({ output: counted(outputs) }),
  hasKeyFrequencies: () => false,
  problems(task) {
    const { split, content: found, trainFraction: share } = task
    if (split.kind !== 'file') return splitProblems(task, sizes(task))
    if (found.train === undefined) {
      const message = 'the file has no array train; allowed: "random", "given"'
      const repairs = [setTo('task.split', { kind: 'random' }, 'Draw it at random')]
      return [{ path: ['task', 'split', 'kind'], value: 'file', message, repairs }]
    }
    if (sizes(task).train === found.train) return []
    const message =
      `the file's train names ${found.train} of ${found.samples} samples: leave the share out, ` +
      'or set task.split.kind "random"'
    const repairs: Problem['repairs'] = [
      setTo('task.trainFraction', found.train / found.samples),
      setTo('task.split', { kind: 'random' }, 'Draw it at random'),
    ]
    return [{ path: ['task', 'trainFraction'], value: share, message, repairs }]
  },
}

function sizes({ content: { samples, features, outputs }, trainFraction: share }: DatasetTask) {
  return { ...splitSizes(samples, share), inputs: features, outputs }
}
