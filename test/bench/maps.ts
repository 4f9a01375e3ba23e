import { parseArgs } from 'node:util'
import { drawMaps } from '../../src/main/lab/maps/drawMaps.ts'
import { median } from '../../src/shared/curves/statistics.ts'
import { layOutMap } from '../../src/shared/charts/mapLayout.ts'
import { drawFigure } from '../../src/shared/figures/drawFigure.ts'
import { createSheet } from '../../src/shared/figures/sheet.ts'
import type { RunSummary } from '../../src/shared/run.ts'
import type { Facets } from '../../src/shared/specification/facets.ts'
import { planeOf } from '../../src/shared/sweep/sweepSchema.ts'
import { parseSweep } from '../../src/shared/sweep/planSweep.ts'
import { runSummary } from '../support/runSummary.ts'

/** What a map of many runs takes from their summaries to a picture: `node test/bench/maps.ts [--runs 10000]`. */
const { values } = parseArgs({ options: { runs: { type: 'string', default: '10000' } } })
const [wd, fraction] = ['dynamics.weightDecay', 'task.trainFraction']
const seeds = 5
const side = Math.round(Math.sqrt(Number(values.runs) / seeds))
const rounds = 5

const spec = parseSweep({
  base: {
    task: { kind: 'modularAddition', modulus: 13, trainFraction: 0.7 },
    network: { hidden: 8 },
    dynamics: { kind: 'training', learningRate: 0.003, weightDecay: 1, steps: 20_000 },
  },
  axes: [
    { field: fraction, from: 0.3, to: 0.95, count: side },
    { field: wd, from: 0.001, to: 10, count: side, scale: 'log' },
  ],
  seeds,
  map: { x: wd, y: fraction, color: 'generalizedStep' },
})

const places = Array.from({ length: side }, (_, place) => place / (side - 1))
const runs = places.flatMap((up) =>
  places.flatMap((across) => Array.from({ length: seeds }, (_, seed) => runAt(up, across, seed))),
)

/** Generalizes above a line through the plane, later the nearer it is. */
function runAt(up: number, across: number, seed: number): RunSummary {
  const step = up + across > 1 + 0.02 * seed ? 200 / (up + across - 0.99) ** 1.5 : undefined
  return runSummary({
    seed,
    facets: { [fraction]: 0.3 + 0.65 * up, [wd]: 0.001 * 10_000 ** across } as Facets,
    step: 20_000,
    events: {
      memorized: { step: 100, tau: 0.3, value: 1 },
      ...(step === undefined ? {} : { generalized: { step, tau: step / 300, value: 1 } }),
    },
  })
}

const panel = () => drawMaps(planeOf(spec), runs)[0]!
const screen = [
  { width: 900, height: 700 },
  { left: 44, right: 70, top: 30, bottom: 38 },
] as const
/** Each is made anew, as a layout is kept for its cells. */
const steps: Record<string, () => () => unknown> = {
  'runs to cells, as a panel': () => panel,
  'the same as phases': () => () => drawMaps(planeOf(spec), runs, { color: 'phase' }),
  'the same with the boundary': () => () => drawMaps(planeOf(spec), runs, { boundary: 'y' }),
  'layout for a screen': () =>
    (
      (map) => () =>
        layOutMap(map, ...screen)
    )(panel()),
  'as SVG': () =>
    (
      (map) => () =>
        drawFigure(createSheet(1), [map])
    )(panel()),
}

process.stdout.write(`${runs.length} runs in ${side * side} cells, medians of ${rounds}\n`)
for (const [name, prepare] of Object.entries(steps)) {
  const times = Array.from({ length: rounds }, () => {
    const act = prepare()
    const before = performance.now()
    act()
    return performance.now() - before
  })
  process.stdout.write(`${name.padEnd(28)} ${median(times).toFixed(0).padStart(6)} ms\n`)
}
