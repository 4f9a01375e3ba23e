import { activations, precisions } from '../../../shared/experiment.ts'
import { formatFixed } from '../../../shared/formatting/formatNumber.ts'
import { holds, type Section } from './field.ts'
import { valueAt, type Change, type SpecDraft } from './specPaths.ts'

const isModular = holds('task.kind', 'modularAddition')

type Start = 'p^-1/2' | 'p^-1/4' | 'given' | 'uniform' | 'file'

export const networkSection: Section = {
  step: 'network',
  title: 'Network',
  text: 'Two layers without biases, $Ŷ$ = σ($XE$)$W$.',
  fields: [
    {
      path: 'network.hidden',
      label: 'Hidden units',
      symbol: 'd_h',
      kind: 'number',
      allowed: '1 to 16 384.',
      help: 'Columns of $E$, rows of $W$; the paper takes 128 and 512.',
      unit: () => 'units',
      shown: isModular,
    },
    {
      path: 'network.activation',
      label: 'Activation',
      symbol: 'σ',
      kind: 'menu',
      choices: activations.map((value) => ({ value, label: value === 'leakyRelu' ? 'leaky relu' : value })),
      fallback: 'relu',
      help: 'Applied to each of the hidden units; leaky relu has slope 1/10.',
      shown: isModular,
    },
    {
      path: 'initialization',
      label: 'Start',
      symbol: 'E_0',
      kind: 'menu',
      choices: [
        { value: 'p^-1/2', label: 'normal, sd 1/√p' },
        { value: 'p^-1/4', label: 'normal, variance 1/√p' },
        { value: 'given', label: 'normal, sd given' },
        { value: 'uniform', label: 'uniform, ±1/√fan-in' },
        { value: 'file', label: 'from a file' },
      ],
      help: 'The paper’s N(0, $p$^{−1/2}) reads as a deviation or as a variance.',
      shown: isModular,
      read: readStart,
      write: (value) => [{ path: 'initialization', value: startOf(value as Start) } satisfies Change],
      unit: standardDeviation,
    },
    {
      path: 'initialization.standardDeviation',
      label: 'Standard deviation',
      kind: 'number',
      allowed: 'Above 0.',
      help: 'Of every entry of both layers.',
      shown: (draft) => isModular(draft) && readStart(draft) === 'given',
    },
    {
      path: 'initialization.path',
      label: 'File',
      kind: 'text',
      help: 'An .npz with $E$, and if it likes $W$ and the indices train.',
      shown: (draft) => isModular(draft) && readStart(draft) === 'file',
    },
    {
      path: 'precision',
      label: 'Precision',
      kind: 'segments',
      choices: precisions.map((value) => ({ value, label: value })),
      fallback: 'float64',
      help: 'float32 is about twice as fast; what lies on the zero-loss set needs float64.',
      shown: (draft) => isModular(draft) && !holds('dynamics.kind', 'zeroLossFlow')(draft),
      write: (value) => [
        { path: 'precision', value },
        ...(value === 'float32' ? [] : [{ path: 'dynamics.lossPrecision', value: undefined }]),
      ],
    },
  ],
}

function readStart(draft: SpecDraft): Start {
  const kind = valueAt(draft, 'initialization.kind')
  if (kind === 'uniform' || kind === 'file') return kind
  const deviation = valueAt(draft, 'initialization.standardDeviation') ?? 'p^-1/2'
  return deviation === 'p^-1/2' || deviation === 'p^-1/4' ? deviation : 'given'
}

function startOf(start: Start) {
  if (start === 'uniform') return { kind: start }
  if (start === 'file') return { kind: start, path: '' }
  return { kind: 'normal', standardDeviation: start === 'given' ? 0.1 : start }
}

function standardDeviation(draft: SpecDraft): string {
  const modulus = valueAt(draft, 'task.modulus')
  const start = readStart(draft)
  if (typeof modulus !== 'number' || !(modulus > 0)) return ''
  if (start !== 'p^-1/2' && start !== 'p^-1/4') return ''
  return `sd ${formatFixed(modulus ** (start === 'p^-1/2' ? -1 / 2 : -1 / 4), 3)}`
}
