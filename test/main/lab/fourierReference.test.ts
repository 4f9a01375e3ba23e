import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { analyze } from '../../../src/main/lab/analyze.ts'
import { gridLoss } from '../../../src/main/lab/analysis/gridLoss.ts'
import { trainMask } from '../../../src/main/lab/analysis/predictionGrid.ts'
import { outputGrid } from '../../../src/main/lab/analysis/outputGrid.ts'
import { restrictedOutputs } from '../../../src/main/lab/analysis/restrictedOutputs.ts'
import { plainBackend } from '../../../src/main/lab/backend/plain.ts'
import { keepFrequencies, removeFrequencies } from '../../../src/main/lab/interventions/frequencyFilter.ts'
import type { AnalysisKind, AnalysisResult } from '../../../src/shared/analysis.ts'
import { type Activation, type ComposedRunSpec } from '../../../src/shared/experiment.ts'
import { createModel } from '../../../src/main/lab/models/createModel.ts'
import { createWeights } from '../../../src/main/lab/network/network.ts'
import { activations } from '../../../src/shared/models/models.ts'
import type { Snapshot } from '../../../src/shared/run.ts'
import type { MatrixData } from '../../../src/shared/matrix.ts'
import { expectFourier, expectNumbers, type FourierReference, type Numbers } from '../../support/fourierReference.ts'
import { askPython, hasNumpy } from '../../support/python.ts'
import { collectRun, eventsOf, readReference, runSpec, toMatrix } from '../../support/runs.ts'
import { additionTask } from '../../support/modularAddition.ts'
import { entriesOf } from '../../support/entries.ts'

interface Loss {
  train: number | null
  test: number | null
}
interface Losses {
  full: Loss
  restricted: Loss
  excluded: Loss
}
interface Reference {
  layers: { name: string; E: number[][]; power: Numbers; analysis: FourierReference }[]
  filters: { E: number[][]; sets: { frequencies: number[]; kept: Numbers; removed: Numbers }[] }[]
  restricted: ({
    activation: Activation
    E: number[][]
    W: number[][]
    train: number[]
    frequencies: number[]
  } & Losses)[]
}

const reference = readReference('fourier') as Reference
const backend = plainBackend('float64')
const moduli = [...Array.from({ length: 15 }, (_, i) => i + 2), 37]

describe('every number of the Fourier view is that of numpy.fft, for p = 2 … 16 and 37', () => {
  it.each(reference.layers)('$name', ({ E, power, analysis }) => {
    const snapshots = [snapshotOf({ E: toMatrix(E) })]
    const input = { spec: runSpec(smallRun(E.length, 'relu')), train: new Int32Array(), snapshots, options: {} }
    expectFourier(analyze({ ...input, kind: 'fourier' }, backend) as AnalysisResult<'fourier'>, analysis)
    const spectrum = analyze({ ...input, kind: 'spectrumOverSteps' }, backend) as AnalysisResult<'spectrumOverSteps'>
    expectNumbers('power', spectrum.power, power)
  })

  it.each(reference.filters)('keep and remove, %#', ({ E, sets }) => {
    for (const { frequencies, kept, removed } of sets) {
      const [one, other] = [toMatrix(E), toMatrix(E)]
      keepFrequencies(one, allRows(one), frequencies)
      removeFrequencies(other, allRows(other), frequencies)
      expectNumbers(`kept ${frequencies}`, one, kept)
      expectNumbers(`removed ${frequencies}`, other, removed)
    }
  })

  it.each(reference.restricted)('restricted and excluded loss, $activation, k = $frequencies, %#', (example) => {
    const { activation, frequencies, ...layers } = example
    const [E, W] = [toMatrix(layers.E), toMatrix(layers.W)]
    const model = createModel({ hidden: E.columns, activation })
    const weights = createWeights(backend, { inputs: E.rows, outputs: W.columns }, model)
    weights.parameters.forEach(({ matrix }, i) => entriesOf(matrix).set([E, W][i]!.data))
    const grid = outputGrid(backend, additionTask(E.rows), model.outputs(weights, E.rows))
    const mask = trainMask(grid, Int32Array.from(layers.train))
    const { restricted, excluded } = restrictedOutputs(grid, frequencies)
    const found = {
      full: gridLoss(grid, mask),
      restricted: gridLoss(restricted, mask),
      excluded: gridLoss(excluded, mask),
    }
    expectLosses(found, example)
  })
})

describe.skipIf(!hasNumpy)('runs of every activation, p = 2 … 16 and 37, analyzed here and by NumPy', () => {
  it.each(activations)('%s', async (activation) => {
    const runs: LiveRun[] = []
    for (const modulus of moduli) runs.push(await liveRun(modulus, activation))
    const expected = askPython(live, {
      folder: join(import.meta.dirname, '../../support/reference'),
      activation,
      runs: runs.map(({ snapshots, train, frequencies }) => ({
        E: rowsOf(snapshots.at(-1)!.matrices['E']!),
        W: rowsOf(snapshots.at(-1)!.matrices['W']!),
        train: [...train],
        frequencies,
      })),
    }) as { E: FourierReference; W: FourierReference; power: Numbers; losses: Losses }[]
    runs.forEach((run, i) => {
      const compute = <Kind extends AnalysisKind>(kind: Kind, options = {}) =>
        analyze({ ...run, kind, options, snapshots: run.snapshots.slice(-1) }, backend) as AnalysisResult<Kind>
      const first = compute('fourier')
      expectFourier(first, expected[i]!.E)
      expectFourier(compute('fourier', { layer: 'W' }), expected[i]!.W)
      expectNumbers('power', compute('spectrumOverSteps').power, expected[i]!.power)
      expectLosses(compute('restrictedLoss', { frequencies: run.frequencies }), expected[i]!.losses)
      const { rows, columns, data } = first.unitPower
      for (let u = 0; u < rows; u++) {
        const shares = [...data.subarray(u * columns, (u + 1) * columns)]
        const sum = shares.reduce((total, share) => total + share, 0)
        expect(Math.abs(sum - 1)).toBeLessThanOrEqual(1e-12)
      }
    })
  })
})

const live = `
sys.path.insert(0, input['folder'])
from fourier_reference import analysis, losses, plain, power
answers = []
for run in input['runs']:
    E, W = np.array(run['E']), np.array(run['W'])
    answers.append({
        'E': analysis(E), 'W': analysis(W.T), 'power': power(E).sum(1),
        'losses': losses(E, W, input['activation'], np.array(run['train']), run['frequencies']),
    })
print(json.dumps(plain(answers)))`

interface LiveRun {
  spec: ComposedRunSpec
  train: Int32Array
  snapshots: Snapshot[]
  frequencies: number[]
}

/** Trained a little, so that the layers are no longer the noise they began as. */
async function liveRun(modulus: number, activation: Activation): Promise<LiveRun> {
  const spec = runSpec(smallRun(modulus, activation))
  const events = await collectRun(spec)
  return {
    spec,
    train: eventsOf(events, 'started')[0]!.train,
    snapshots: eventsOf(events, 'snapshot').map(({ snapshot }) => snapshot),
    frequencies: [1, Math.floor(modulus / 2)],
  }
}

function smallRun(modulus: number, activation: Activation) {
  return {
    task: { kind: 'modularAddition' as const, modulus, trainFraction: 0.7 },
    network: { hidden: 7, activation },
    dynamics: { kind: 'training' as const, learningRate: 0.3, weightDecay: 1e-3, steps: 30 },
  }
}

function snapshotOf(matrices: Record<string, MatrixData>): Snapshot {
  return { step: 0, tau: 0, reason: 'initial', matrices, scalars: {} }
}

function rowsOf({ rows, columns, data }: MatrixData): number[][] {
  return Array.from({ length: rows }, (_, i) => [...data.subarray(i * columns, (i + 1) * columns)])
}

function expectLosses(found: { [Part in keyof Losses]: { train: number; test: number } }, expected: Losses) {
  for (const part of ['full', 'restricted', 'excluded'] as const) {
    expectNumbers(`${part}, train`, found[part].train, expected[part].train)
    expectNumbers(`${part}, test`, found[part].test, expected[part].test)
  }
}

/** One cycle of all rows. */
function allRows({ rows }: { rows: number }): number[][] {
  return [Array.from({ length: rows }, (_, row) => row)]
}
