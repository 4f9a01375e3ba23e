import { z } from 'zod'
import { setTo, type Problem } from '../specification/problem.ts'
import { words } from '../specification/words.ts'

export const trainFraction = z
  .number()
  .gt(0)
  .lte(1)
  .register(words, {
    label: 'training share',
    symbol: 'f_s',
    help: 'How much of the data is trained on. With 1 nothing is held out, and nothing is measured on held-out data.',
    unless: 'the split lists the training samples or the data file has train',
    example: 0.7,
    filter: ['f_s', 'trainFraction'],
  })

const maxGiven = 100_000

export const randomSplit = z.strictObject({ kind: z.literal('random') })
export const givenSplit = z.strictObject({
  kind: z.literal('given'),
  train: z
    .array(z.int().min(0))
    .min(1)
    .max(maxGiven)
    .refine((indices) => new Set(indices).size === indices.length, 'each sample may appear only once')
    .register(words, {
      label: 'trained on',
      help: 'Indices of the training samples in the data, starting at 0. They determine the training share.',
      isDistinct: true,
      example: [0],
    }),
})

export const splitLabels = {
  label: 'split',
  help: 'Which samples are held out: a random draw from the seed, all but those listed here or in the data file, a corner block of the grid, or a strip along its diagonal.',
  filter: ['split'] as [string],
  choices: {
    random: 'random',
    given: 'a list',
    block: 'a block held out',
    strip: 'a strip held out',
    file: 'as the file says',
  },
}

/** Which samples of any data are trained on. */
export const split = z
  .discriminatedUnion('kind', [randomSplit, givenSplit])
  .register(words, splitLabels)
  .default({ kind: 'random' })

/** Which pairs of a grid are trained on; a held-out region says whether what was learned reaches beyond its neighbors. */
export const gridSplit = z
  .discriminatedUnion('kind', [
    randomSplit,
    givenSplit,
    z.strictObject({ kind: z.literal('block') }),
    z.strictObject({ kind: z.literal('strip') }),
  ])
  .register(words, splitLabels)
  .default({ kind: 'random' })

/** n = round(f_s·|D|) training samples, the rest is held out. */
export function splitSizes(total: number, share: number): { total: number; train: number; test: number } {
  const train = Math.round(share * total)
  return { total, train, test: total - train }
}

/** What of a split does not fit the data. */
export function splitProblems(
  { split, trainFraction: share }: { split: { kind: string } | z.output<typeof givenSplit>; trainFraction: number },
  { total, train, test }: { total: number; train: number; test: number },
): Problem[] {
  if ('train' in split) {
    const beyond = split.train.findIndex((index) => index >= total)
    if (beyond >= 0) {
      const path = ['task', 'split', 'train', beyond]
      return [{ path, value: split.train[beyond], message: `the data has ${total} samples, 0 to ${total - 1}` }]
    }
    if (split.train.length !== train) {
      const fitting = split.train.length / total
      const message = `of ${total} samples this is ${train}; task.split.train lists ${split.train.length}`
      const repairs = [setTo('task.trainFraction', fitting)]
      return [{ path: ['task', 'trainFraction'], value: share, message, repairs }]
    }
    return []
  }
  if (train >= 1 && (test >= 1 || share === 1)) return []
  const message =
    `this leaves ${train} training and ${test} test samples of ${total}; both need at least 1, ` +
    'or set it to 1, and nothing is held out'
  const repairs = [0.7, 0.9].map((value) => setTo('task.trainFraction', value))
  return [{ path: ['task', 'trainFraction'], value: share, message, repairs }]
}
