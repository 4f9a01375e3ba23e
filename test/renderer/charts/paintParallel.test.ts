import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { paintParallel } from '../../../src/renderer/charts/paintParallel.ts'
import { linesWithin } from '../../../src/shared/charts/linesWithin.ts'
import { layOutParallel } from '../../../src/shared/charts/parallelLayout.ts'
import { printFace } from '../../../src/shared/charts/textWidth.ts'
import type { ParallelPanel } from '../../../src/shared/panel.ts'

const size = { width: 400, height: 200 }
const inks = { palette: ['first', 'second'], mute: 'mute', back: 'back' }

function panelOf(count: number): ParallelPanel {
  const lines = Array.from({ length: count }, (_, line) => line)
  return {
    ...{ kind: 'parallel', id: 'p', title: '', caption: '', with: {} },
    axes: [
      { axis: { label: 'a', scale: 'linear' }, short: 'a', values: Float64Array.from(lines), range: [1, count] },
      {
        axis: { label: 'b', scale: 'linear' },
        ...{ short: 'b', values: Float64Array.from(lines, (line) => (line === 1 ? NaN : line)) },
        isBeyond: lines.map((line) => line === 3),
      },
    ],
    groups: [0, 1].map((color) => ({ name: `${color}`, label: `${color}`, color })),
    groupOf: Int32Array.from(lines, (line) => line % 2),
  }
}

/** What is stroked and filled, in its ink, how strong, and whether it is broken. */
function painted(panel: ParallelPanel) {
  const drawn: [what: string, ink: string, alpha: number, isBroken: boolean][] = []
  let dashes: number[] = []
  const context = {
    ...{ fillStyle: '', strokeStyle: '', globalAlpha: 1, lineWidth: 1, lineJoin: '' },
    fill: () => drawn.push(['dot', context.fillStyle, context.globalAlpha, false]),
    stroke: () => drawn.push(['line', context.strokeStyle, context.globalAlpha, dashes.length > 0]),
    setLineDash: (given: number[]) => (dashes = given),
    ...Object.fromEntries(
      ['setTransform', 'clearRect', 'beginPath', 'moveTo', 'lineTo', 'arc'].map((name) => [name, () => undefined]),
    ),
  }
  const canvas = { style: {}, getContext: () => context } as unknown as HTMLCanvasElement
  const layout = layOutParallel(panel, size, printFace(11), { top: 0, left: 0, right: 0 })
  paintParallel(canvas, panel, layout, linesWithin(panel), size, inks)
  return drawn
}

beforeEach(() => void vi.stubGlobal('window', { devicePixelRatio: 1 }))
afterEach(() => void vi.unstubAllGlobals())

it('has lines that stand back under the others, each in the ink of its group, broken to what lies beyond', () => {
  expect(painted(panelOf(4))).toEqual([
    ['line', 'back', 1, false],
    ['dot', 'second', 1, false],
    ['line', 'first', 1, false],
    ['line', 'mute', 1, true],
  ])
})

it('is the paler the more lines there are, so that where they run together shows', () => {
  const alphas = [20, 100, 2000].map((count) => painted(panelOf(count)).at(-1)![2])
  expect(alphas).toEqual([...alphas].sort((a, b) => b - a))
  expect(new Set(alphas).size).toBe(3)
})
