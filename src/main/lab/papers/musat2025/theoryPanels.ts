import type { LinePanel, PlotPanel, Series } from '../../../../shared/panel.ts'
import { compareToTraining, distancesFromFlow, type ComparedName, type TheoryRuns } from './theoryRuns.ts'

const compared: readonly { name: ComparedName; words: string }[] = [
  { name: 'flow', words: 'flow on the zero-loss set' },
  { name: 'isolated', words: 'isolated, λ = wd·N/2' },
  { name: 'isolatedWithoutRidge', words: 'isolated, ridge 0' },
]

/** The curves of the first seed, and of every seed the distance of training from the flow under each decay. */
export function theoryPanels(
  found: readonly TheoryRuns[],
  { endTau, limitTau }: { endTau: number; limitTau: number },
): PlotPanel[] {
  const first = found[0] ?? { seed: 0, byDecay: [] }
  const tau = { label: 'decay time', column: 'tau', symbol: 'τ', scale: 'linear', min: 0, max: endTau } as const
  const curves = (measurement: 'testMse' | 'testAccuracy') => {
    const all = [{ name: 'training' as const, words: 'training' }, ...compared]
    return all.flatMap(({ name, words }, i): Series[] => {
      const { step, tau, [measurement]: y } = first[name]?.curves ?? {}
      if (!step || !tau || !y) return []
      const of = { dynamics: words }
      return [{ name: words, role: i === 0 ? 'mean' : 'single', color: i, of, with: { step, tau }, x: tau, y }]
    })
  }
  const held = (quantity: 'relativeDistance' | 'velocityCosine') =>
    compared.flatMap(({ name, words }, i): Series[] => {
      const comparison = compareToTraining(first, name)
      if (!comparison) return []
      const of = { dynamics: words }
      return [{ name: words, role: 'single', color: i + 1, of, x: comparison.tau, y: comparison[quantity] }]
    })
  const panel = (id: string, title: string, caption: string, y: LinePanel['y'], series: Series[]): LinePanel => {
    return { kind: 'lines', id, title, caption: `${caption}, seed ${first.seed}`, x: tau, y, series }
  }
  return [
    panel(
      'test-error',
      'Test error',
      'from one memorizing state',
      { label: 'mean squared error', column: 'testMse', scale: 'linear' },
      curves('testMse'),
    ),
    panel(
      'test-accuracy',
      'Test accuracy',
      '7 pairs',
      { label: 'share of pairs', column: 'testAccuracy', scale: 'linear', min: 0, max: 1 },
      curves('testAccuracy'),
    ),
    panel(
      'distance',
      'Distance from training',
      'of E',
      { label: 'share of training’s displacement', column: 'distance', scale: 'linear', min: 0 },
      held('relativeDistance'),
    ),
    panel(
      'velocities',
      'Direction of motion',
      'of E, over steps of 0.1',
      { label: 'cosine with training’s velocity', column: 'cosine', scale: 'linear', max: 1 },
      held('velocityCosine'),
    ),
    limitPanel(found, limitTau),
  ]
}

function limitPanel(found: readonly TheoryRuns[], limitTau: number): LinePanel {
  const series = found.flatMap((runs) =>
    [['E'], ['E', 'W']].map((names, i): Series => {
      const points = distancesFromFlow(runs, names, limitTau)
      return {
        name: `${names.length === 1 ? 'E' : '(E, W)'}, seed ${runs.seed}`,
        family: names.length === 1 ? 'E' : '(E, W)',
        role: 'single',
        color: i,
        of: { parameters: names.join(' and '), seed: runs.seed },
        x: Float64Array.from(points, (point) => point.weightDecay),
        y: Float64Array.from(points, (point) => point.share),
      }
    }),
  )
  return {
    kind: 'lines',
    id: 'limit',
    title: 'The limit λ → 0',
    caption: `training against the flow at τ = ${limitTau}`,
    x: { label: 'weight decay', column: 'weightDecay', symbol: 'wd', scale: 'log' },
    y: { label: 'distance, share of training’s displacement', column: 'distance', scale: 'log' },
    series,
  }
}
