import { formatGiven } from '../../../../shared/formatting/formatNumber.ts'
import type { LinePanel, Series } from '../../../../shared/panel.ts'
import type { RecordedRun } from '../../../../shared/papers/figure.ts'
import { limitsOf } from '../../studies/multiScaleFeatures.ts'
import { finished, type PaperFigure, type Statement } from '../figure.ts'
import { flowExperiment, seedsTo, settingOf, slidersFor } from './setting.ts'
import { spreadOf } from './spread.ts'
import { largestRise } from './extremes.ts'
import { errorsOf, theoryCurve } from './theoryCurve.ts'

const source = 'Pezeshki et al., Fig. 5; numbers of an independent program'
const setting = { samples: 120, fastDirections: 80, scaleRatio: 40, labelNoise: 0.2 }
const drawn = [0, 1e-3, 1e-2, 0.1, 0.3]
/** How far the error rises on its way, for each weight decay. */
const rises = [
  { decay: 0, rise: 0.1125 },
  { decay: 1e-3, rise: 0.1096 },
  { decay: 1e-2, rise: 0.0875 },
  { decay: 0.03, rise: 0.0552 },
  { decay: 0.1, rise: 0.0121 },
  { decay: 0.2, rise: 0.0003 },
  { decay: 0.3, rise: 0 },
]
const tolerance = 0.002
const times = [1e-2, 1e6] as const

/** Weight decay takes the bump away, and with it the slow features. */
export const weightDecay: PaperFigure<'pezeshki2022/weightDecay'> = {
  id: 'pezeshki2022/weightDecay',
  number: 'Fig. 5',
  title: 'Weight decay removes the bump',
  summary: 'With enough weight decay the error only falls, but ends higher: the slow features are never learned.',
  source: 'Pezeshki et al., Fig. 5; the theory is derived here',
  needs: { measurements: ['generalizationError'], snapshots: 'none' },
  experiments: () =>
    drawn.map((decay) =>
      flowExperiment(
        `Pezeshki et al., figure 5, λ = ${decay}`,
        { ...setting, weightDecay: decay, firstTime: times[0], lastTime: times[1], places: 33 },
        seedsTo(10),
      ),
    ),
  evaluate: (runs) => ({ statements: statements(finished(runs)), panels: panels(runs) }),
  explore: { sliders: slidersFor('scaleRatio', 'samples', 'fastDirections', 'labelNoise'), panels },
}

function curveAt(run: RecordedRun, decay: number, count = 121) {
  return theoryCurve(limitsOf({ ...settingOf(run), weightDecay: decay }).both, times, count)
}

function statements(runs: readonly RecordedRun[]): Statement[] {
  const [run] = runs
  const one = { source, basis: 'laboratory' } as const
  const errors = (decay: number) => (run ? errorsOf(curveAt(run, decay)) : undefined)
  const ends = [0, 0.3].map((decay) => errors(decay)?.at(-1))
  return [
    ...rises.map(({ decay, rise }): Statement => {
      const curve = errors(decay)
      return {
        ...one,
        id: `rise-${decay}`,
        text: `Rise of the error on its way, λ = ${formatGiven(decay)}`,
        values: curve ? [largestRise(curve)] : [],
        range: { min: Math.max(0, rise - tolerance), max: rise + tolerance },
      }
    }),
    {
      ...one,
      id: 'price',
      text: 'Error at the end with λ = 0.3 over that without',
      values: ends[0] !== undefined && ends[1] !== undefined ? [ends[1] / ends[0]] : [],
      range: { min: 1 },
    },
  ]
}

function panels(runs: readonly RecordedRun[], { isMoving } = { isMoving: false }): LinePanel[] {
  const groups = [...Map.groupBy(runs, (run) => settingOf(run).weightDecay)].toSorted(([a], [b]) => a - b)
  return [
    {
      kind: 'lines',
      id: 'error',
      title: 'Test error by weight decay',
      caption: 'lines are theory, points are means of seeds',
      x: { label: 'flow time', column: 'tau', symbol: 'τ', scale: 'log' },
      y: { label: 'L_G, half mean square', column: 'error', scale: 'linear', min: 0, max: 0.5 },
      series: groups.flatMap(([decay, members], place): Series[] => {
        const name = `λ = ${formatGiven(decay)}`
        const { tau, points } = curveAt(members[0]!, decay, isMoving ? 41 : 121)
        const { count, tau: measured, mean } = spreadOf(members, 'generalizationError')
        const color = place % 6
        const of = (curve: string) => ({ curve, weightDecay: decay })
        return [
          { name, role: 'single', color, of: of('theory'), x: tau, y: Float64Array.from(points, ({ error }) => error) },
          {
            name: `${name}, mean of ${count}`,
            family: 'means of seeds',
            role: 'start',
            of: of('simulation'),
            x: measured,
            y: mean,
          },
        ]
      }),
    },
  ]
}
