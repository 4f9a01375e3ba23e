import { z } from 'zod'
import { setTo, type Problem } from '../specification/problem.ts'
import { words } from '../specification/words.ts'
import { split, splitProblems, splitSizes, trainFraction } from './split.ts'
import { counted, type TaskDescription } from './task.ts'

export const sparseParitySchema = z.strictObject({
  kind: z.literal('sparseParity'),
  bits: z
    .int('expected a whole number')
    .min(2)
    .max(1024)
    .register(words, { label: 'bits', symbol: 'n', help: 'Entries of an input, each −1 or 1.', example: 20 }),
  parityBits: z.int('expected a whole number').min(1).max(1024).register(words, {
    label: 'parity bits',
    symbol: 'k',
    help: 'The answer is the parity of the first $k$ bits; all the others are irrelevant to it.',
    example: 3,
  }),
  samples: z.int('expected a whole number').min(2).max(200_000).register(words, {
    label: 'samples',
    help: 'Inputs drawn at random by the seed, no two alike; the training share of them is trained on.',
    example: 1000,
  }),
  trainFraction,
  split,
})

export type SparseParityTask = z.output<typeof sparseParitySchema>

/**
 * The parity of the first k of n bits (Barak et al. 2022, arXiv 2207.08799): which bits they are is all the same to a
 * network that starts alike in all of them. SCIENCE.md §2.
 */
export const sparseParity: TaskDescription<SparseParityTask> = {
  label: 'sparse parity',
  targets: () => 'classes',
  inputsOf: { domain: 'bits', fields: ['bits', 'samples'], areDrawn: true },
  hasDenseInputs: true,
  isClosed: false,
  title: ({ bits, parityBits }) => `parity of ${parityBits} of ${bits} bits`,
  sizes,
  gridSide: () => null,
  inputCycles: () => [],
  outputCycle: () => null,
  inputNames: ({ bits }) => ({ bit: counted(bits).map((place) => place + 1) }),
  outputNames: () => ({ output: counted(2) }),
  hasKeyFrequencies: () => false,
  problems(task) {
    const { bits, parityBits, samples } = task
    const problems: Problem[] = []
    if (parityBits > bits) {
      const message = `there are ${bits} bits`
      const repairs = [setTo('task.parityBits', bits)]
      problems.push({ path: ['task', 'parityBits'], value: parityBits, message, repairs })
    }
    if (samples > 2 ** bits) {
      const message = `of ${bits} bits there are ${2 ** bits} inputs`
      const repairs = [setTo('task.samples', 2 ** bits)]
      problems.push({ path: ['task', 'samples'], value: samples, message, repairs })
    }
    return [...problems, ...splitProblems(task, sizes(task))]
  },
}

function sizes({ bits, samples, trainFraction: share }: SparseParityTask) {
  return { ...splitSizes(samples, share), inputs: bits, outputs: 2 }
}
