import { LabError } from '../../../shared/errors.ts'
import { toRunSpec, type StudiedRunSpec } from '../../../shared/experiment.ts'
import { parseExperiment } from '../../../shared/parseExperiment.ts'
import type { Axis, LinePanel } from '../../../shared/panel.ts'
import type { RecordedRun } from '../../../shared/papers/figure.ts'
import {
  atSetting,
  describeSetting,
  type FigureSetting,
  type FigureSlider,
} from '../../../shared/papers/figureSetting.ts'
import { quote } from '../../../shared/quote.ts'
import { clockAt } from '../../../shared/runClock.ts'
import { studyOf } from '../studies/studies.ts'
import type { PaperFigure } from './figure.ts'

/** The sliders of a figure, each at the value that its experiments have. */
export function slidersOf(figure: PaperFigure): FigureSlider[] {
  if (!figure.explore) return []
  const [first] = runsAt(figure, {})
  const study = first!.study as unknown as Readonly<Record<string, number>>
  return figure.explore.sliders.map((slider) => ({ ...slider, value: study[slider.field]! }))
}

/**
 * The panels of a figure that follow its sliders, at other values of these: theory, and with `isSimulated` all runs of the figure at
 * these values, each as its study computes it. `onProgress` is told the runs that are done. Throws INVALID_REQUEST for a field without
 * a slider, and INVALID_SPECIFICATION for a value that the study refuses.
 */
export function exploreFigure(
  figure: PaperFigure,
  setting: FigureSetting,
  isSimulated: boolean,
  onProgress?: (done: number, of: number) => void,
): LinePanel[] {
  const { explore, needs } = figure
  const sliders = explore?.sliders.map(({ field }) => field) ?? []
  const unknown = Object.keys(setting).find((field) => !sliders.includes(field))
  if (!explore || unknown !== undefined) {
    const allowed = sliders.length > 0 ? `allowed: ${sliders.join(', ')}` : 'it has none'
    const [name, fault] = explore ? [`setting.${unknown}`, 'is no slider of'] : ['figure', 'no slider in']
    throw new LabError('INVALID_REQUEST', `${name}: ${fault} ${quote(figure.id)}; ${allowed}`)
  }
  const specs = runsAt(figure, setting)
  const runs = specs.map((spec, place): RecordedRun => {
    const places = isSimulated ? [...studyOf(spec.study)(spec.study, spec.seed, 0)] : []
    if (isSimulated) onProgress?.(place + 1, specs.length)
    const column = (of: (place: number) => number) => Float64Array.from(places.keys(), of)
    const measured = needs.measurements.map((name) => [name, column((at) => places[at]!.values[name] ?? NaN)])
    return {
      runId: `${spec.name}, seed ${spec.seed}`,
      spec,
      status: 'finished',
      code: null,
      curves: { step: column((at) => at), tau: column((at) => clockAt(spec, at)), ...Object.fromEntries(measured) },
      events: {},
      snapshots: [],
      train: new Int32Array(),
    }
  })
  const words = describeSetting(setting) || 'the paper’s values'
  return explore.panels(runs, { isMoving: !isSimulated }).map((panel) => ({
    ...panel,
    caption: `${words}: ${isSimulated ? panel.caption : 'theory'}`,
    y: withRoom(panel),
    series: panel.series
      .filter(({ x }) => x.length > 0)
      .map((series) => ({ ...series, of: { ...series.of, ...setting } })),
  }))
}

/** A vertical axis that ends where it does in the paper, unless curves or points go on beyond. */
function withRoom({ y: { max = Infinity, ...open }, series }: LinePanel): Axis {
  const isWithin = series.every(({ role, y }) => role === 'context' || y.every((value) => !(value > max)))
  return isWithin && max < Infinity ? { ...open, max } : open
}

/** What the figure would run at these values. */
function runsAt({ id, experiments }: PaperFigure, setting: FigureSetting): StudiedRunSpec[] {
  return experiments({}).flatMap((input) => {
    const experiment = parseExperiment(atSetting(input, setting))
    if (!('study' in experiment)) throw new RangeError(`${id}: ${experiment.name} is no study`)
    return experiment.seeds.map((seed) => toRunSpec(experiment, seed))
  })
}
