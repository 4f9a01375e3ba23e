import { describe, expect, it } from 'vitest'
import { analyze } from '../../../src/main/lab/analyze.ts'
import { plainBackend } from '../../../src/main/lab/backend/plain.ts'
import {
  circlesPanel,
  cosinePanel,
  describeCosine,
  neighborDistance,
  normsPanel,
  operandsOf,
  spectrumPanel,
  unitPowerPanel,
} from '../../../src/shared/panels/fourierPanels.ts'
import { placeColumns } from '../../../src/shared/charts/placeColumns.ts'
import { frequencyTicks } from '../../../src/shared/charts/frequencyTicks.ts'
import { pairedPlaces } from '../../../src/shared/featureCosines.ts'
import type { FourierAnalysis } from '../../../src/shared/analysis.ts'
import { taskSchema, type NetworkTask } from '../../../src/shared/tasks/tasks.ts'
import { runSpec } from '../../support/runs.ts'

const first = { name: 'E', rowsOf: 'inputs' } as const

describe('frequencies', () => {
  it.each([37, 12, 2])('stand in pairs of Re and Im, each feature once (p = %d)', (p) => {
    const K = Math.floor(p / 2)
    const order = [...pairedPlaces(p - 1, K)]
    expect(order.slice(0, 4)).toEqual([0, K, 1, K + 1].slice(0, p - 1))
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: p - 1 }, (_, k) => k))
  })

  it('have their number in the middle of their features; p/2 has one', () => {
    const { x } = cosinePanel(first, analysisOf(4, [1, -1, 1, -1.5]), false)
    expect(x.ticks).toEqual([
      { at: 0.5, label: '1' },
      { at: 2, label: '2' },
    ])
  })

  it.each([1, 2, 5, 18, 56, 254])('are named from 1 to K = %d, not too many of them', (K) => {
    const ticks = frequencyTicks(K)
    expect([ticks[0], ticks.at(-1)]).toEqual([1, K])
    expect(ticks.length).toBeLessThanOrEqual(8)
  })
})

describe('concatenated tokens', () => {
  const task = { kind: 'modularAddition', modulus: 4, trainFraction: 0.7, pairs: 'ordered' } as const
  const concatenated = taskSchema.parse({ ...task, inputs: 'concatenated' }) as NetworkTask

  it('have features for each operand, of which every picture names its own', () => {
    const analysis = analysisOf(4, [1, -1, 1, -1.5])
    const spectrum = { steps: Float64Array.of(0), power: { rows: 2, columns: 1, data: Float64Array.of(1, 2) } }
    const operands = operandsOf(first, concatenated)
    expect(operands).toEqual(['first operand', 'second operand'])
    for (const operand of operands) {
      const layer = { ...first, operand }
      const panels = [
        normsPanel(layer, analysis, null),
        cosinePanel(layer, analysis, false),
        unitPowerPanel(layer, analysis, []),
        spectrumPanel(layer, spectrum, 1),
        circlesPanel(layer, analysis),
      ]
      for (const { id, caption } of panels) expect(caption, id).toContain(`$E$ (${operand})`)
    }
  })

  it('have one list of answers, and tokens that share their rows one of features', () => {
    expect(operandsOf({ rowsOf: 'units' }, concatenated)).toEqual([])
    expect(operandsOf(first, taskSchema.parse({ ...task, pairs: 'unordered' }) as NetworkTask)).toEqual([])
    expect(operandsOf(first, null)).toEqual([])
  })
})

it('all have their name where they are few', () => expect(frequencyTicks(5)).toEqual([1, 2, 3, 4, 5]))

describe('features that are zero', () => {
  // A cosine of k = 1 alone: of Re 1, Re 2, Im 1 the first is there.
  const analysis = analysisOf(4, [1, 0, -1, 0])

  it('are blank, and said to be', () => {
    const { caption, matrix } = cosinePanel(first, analysis, false)
    expect(caption).toMatch(/blank: zero/)
    expect([...matrix.data]).toEqual([1, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN])
    expect(describeCosine(analysis, false, { row: 0, column: 1 })).toEqual({
      words: 'Re 1, Im 1',
      value: 'Im 1 is zero',
    })
    expect(describeCosine(analysis, true, { row: 0, column: 0 })).toEqual({ words: 'Re 1, Re 1', value: '1.000' })
  })

  it('have the norm 0, and the axis does not go below it', () => {
    const { series, y } = normsPanel(first, analysis, null)
    expect(series.map((each) => [...each.y])).toEqual([[3, 0], [0]])
    expect([y.min, y.max! > 3]).toEqual([0, true])
    const nothing = normsPanel(first, analysisOf(4, [1, 1, 1, 1]), null)
    expect([nothing.y.min, nothing.y.max]).toEqual([0.95, 1.05])
  })
})

it('circles name the first four of their cycle, which for a product modulo 5 is 1, 2, 4, 3', () => {
  const sums = analysisOf(5, [1, 0, -1, 0, 1])
  const named = (tokens: number[]) => circlesPanel(first, { ...sums, tokens: Int32Array.from(tokens) }).caption
  expect(named([0, 1, 2, 3, 4])).toMatch(/; 0–3 named;/)
  expect(named([1, 2, 4, 3])).toMatch(/; 1, 2, 4, 3 named;/)
})

it('a circle says how far its neighbors are apart on their cycle: in tokens, or for a product in powers of its root', () => {
  const captionOf = (k: number, tokens: number[]) => {
    const p = tokens.length
    const K = Math.floor(p / 2)
    const data = Float64Array.from({ length: K * 2 * p }, (_, at) => {
      const angle = (2 * Math.PI * (Math.floor(at / (2 * p)) + 1) * (at % p)) / p
      return at % (2 * p) < p ? Math.cos(angle) : Math.sin(angle)
    })
    const circles = { rows: K, columns: 2 * p, data }
    return circlesPanel(first, { ...analysisOf(5, [1, 0, -1, 0, 1]), circles, tokens: Int32Array.from(tokens) }, k)
      .caption
  }
  expect(captionOf(2, [0, 1, 2, 3, 4])).toBe('neighbors 3 apart')
  expect(captionOf(1, [1, 2, 4, 3])).toBe('neighbors 1 power of 2 apart')
  expect(captionOf(3, [1, 2, 4, 8, 5, 10, 9, 7, 3, 6])).toBe('neighbors 7 powers of 2 apart')
  expect(captionOf(2, [1, 3, 2, 6, 4, 5])).toBe('the 6 tokens')
})

describe('neighborDistance', () => {
  it('is the inverse of k modulo p', () => {
    for (let k = 1; k <= 18; k++) expect((neighborDistance(k, 37)! * k) % 37).toBe(1)
    expect(neighborDistance(5, 37)).toBe(15)
  })
  it('does not exist where k and p share a factor', () => expect(neighborDistance(2, 8)).toBeNull())
})

describe('the spectrum over steps', () => {
  const spectrum = {
    steps: Float64Array.of(0, 1, 10, 100),
    power: { rows: 2, columns: 4, data: Float64Array.of(1, 1, 3, 3, 1, 3, 1, 3) },
  }

  it('shows at each pixel the last snapshot at or before it, relative to the mean', () => {
    const panel = spectrumPanel(first, spectrum, 0.5)
    const { columns, scale } = placeColumns(panel, 200)!
    spectrum.steps.forEach((step, t) => {
      const pixel = Math.min(199, Math.ceil(scale.at(step)))
      const [a, b] = [spectrum.power.data[t]!, spectrum.power.data[4 + t]!]
      expect(panel.matrix.data[columns[pixel]!]).toBeCloseTo(a / ((a + b) / 2) - 1, 12)
      expect(panel.matrix.data[4 + columns[pixel]!]).toBeCloseTo(b / ((a + b) / 2) - 1, 12)
    })
    expect([...columns]).toEqual([...columns].sort((a, b) => a - b))
  })
})

/** Of a layer of one unit. */
function analysisOf(modulus: number, unit: number[]): FourierAnalysis {
  const spec = runSpec({
    task: { kind: 'modularAddition', modulus, trainFraction: 0.5 },
    network: { hidden: 1 },
    dynamics: { kind: 'isolated', ridge: 1, steps: 1 },
  })
  const matrices = { E: { rows: modulus, columns: 1, data: Float64Array.from(unit) } }
  const snapshots = [{ step: 0, tau: 0, reason: 'initial' as const, matrices, scalars: {} }]
  const input = { kind: 'fourier' as const, options: {}, spec, train: new Int32Array(), snapshots }
  return analyze(input, plainBackend('float64')) as FourierAnalysis
}
