import { describe, expect, it } from 'vitest'
import { panelArrays } from '../../../../src/main/services/figures/panelArrays.ts'
import { encodeNpz } from '../../../../src/main/services/interchange/encodeNpz.ts'
import type { HeatmapPanel, LinePanel } from '../../../../src/shared/panel.ts'
import { askPython, hasNumpy } from '../../../support/python.ts'

const axis = (column: string) => ({ label: 'in words', column, scale: 'linear' as const })
const texts = { title: 'A title', caption: '' }
const norms = Float64Array.of(1 / 3, NaN)

const lines: LinePanel = {
  kind: 'lines',
  id: 'norms',
  ...texts,
  x: axis('frequency'),
  y: axis('norm'),
  series: [
    { name: 'a', role: 'points', of: { part: 'Re' }, x: Float64Array.of(1, 2), y: norms, beside: 0.1 },
    { name: 'b', role: 'points', of: { part: 'Ιμ 𝕀' }, x: Float64Array.of(1), y: Float64Array.of(1e-300) },
  ],
}

const heatmap: HeatmapPanel = {
  kind: 'heatmap',
  id: 'matrix',
  ...texts,
  x: axis('step'),
  y: axis('token'),
  matrix: { rows: 2, columns: 3, data: Float32Array.of(1, 2, 3, 4, 5, 6) },
  rowLabels: { token: Int32Array.of(4, 7) },
  columnLabels: { step: Float64Array.of(0, 10, 100) },
  value: 'power',
  colors: 'diverging',
  range: [-1, 1],
  valueLabel: 'power / mean',
}

describe('the arrays of a panel', () => {
  it('are, of a matrix, itself, what its rows and columns stand for, and the range of its colors', async () => {
    const arrays = panelArrays(heatmap)
    const shapes = Object.fromEntries(Object.entries(arrays).map(([name, { shape }]) => [name, shape]))
    expect(shapes).toEqual({ power: [2, 3], token: [2], step: [3], range: [2] })
    const power: unknown[] = []
    for await (const part of arrays['power']!.parts) power.push(part)
    expect(power).toEqual([Float64Array.of(1, 2, 3, 4, 5, 6)])
  })

  it.runIf(hasNumpy)('are read by NumPy, words and all', async () => {
    const parts: Uint8Array[] = []
    for await (const part of encodeNpz(Object.entries(panelArrays(lines)))) parts.push(part)
    const read = askPython(
      `
import base64, io
a = np.load(io.BytesIO(base64.b64decode(input)))
numbers = {name: [repr(float(x)) for x in a[name]] for name in ['frequency', 'norm']}
print(json.dumps({'names': sorted(a), 'part': a['part'].tolist(), **numbers}))`,
      Buffer.concat(parts).toString('base64'),
    )
    expect(read).toEqual({
      names: ['frequency', 'norm', 'part'],
      part: ['Re', 'Re', 'Ιμ 𝕀'],
      frequency: ['1.0', '2.0', '1.0'],
      norm: ['0.3333333333333333', 'nan', '1e-300'],
    })
  })
})
