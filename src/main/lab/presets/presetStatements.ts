import { cellValue } from '../../../shared/map/cellStatistics.ts'
import { usualThresholds } from '../../../shared/map/mapOptions.ts'
import { findQuantity } from '../../../shared/map/mapQuantity.ts'
import type { RunSummary } from '../../../shared/run.ts'
import type { FacetPath } from '../../../shared/specification/facets.ts'
import { learningPhases, phaseOfRun } from '../maps/learningPhase.ts'
import { fitPowerLaw, type FactoredValue } from '../maps/powerLaw.ts'
import { fitShareBoundary } from '../maps/shareBoundary.ts'
import type { Statement } from '../papers/figure.ts'

/**
 * What is claimed of the sweeps to begin with (`shared/sweep/presets.ts`), by their names, read off runs that have ended. Each
 * range was fixed before the sweep was computed here, from what its source says; that of the exponent in η knowing an earlier −1.02, and
 * the norms of `norm-clamp` after a first look at that sweep. No published number that was not read in its source bounds a claim.
 */
export const presetStatements: Readonly<Record<string, (runs: readonly RunSummary[]) => Statement[]>> = {
  'delay-law': delayLaw,
  'four-phases': fourPhases,
  'initial-scale': initialScale,
  'norm-clamp': normClamp,
  'system-size': systemSize,
  'delay-rate-decay': delayInRateAndDecay,
  'delay-data-width': delayInDataAndWidth,
  'delay-scale-decay': delayInScaleAndDecay,
}

const flow = 'gradient descent with small steps is a flow, whose time is η·t'
const earlier = 'the same setting, computed before: t_grok ∝ η^−1.02 wd^−0.62'
const plane = 'the same plane computed by an independent program in float32 with 16 seeds'

function delayLaw(runs: readonly RunSummary[]): Statement[] {
  const fit = (name: string) => fitPowerLaw(factored(runs, name, [eta, wd]))
  const [grok, memorize] = [fit('t_grok'), fit('t_memorize')]
  return [
    statement('grokInRate', 'The exponent of t_grok in η, weight decay apart, is −1', flow, {
      values: [grok?.exponents[0]!.exponent ?? NaN],
      range: { min: -1.1, max: -0.9 },
    }),
    statement('memorizeInRate', 'So is that of t_memorize', flow, {
      values: [memorize?.exponents[0]!.exponent ?? NaN],
      range: { min: -1.1, max: -0.9 },
    }),
    statement('grokInDecay', 'That of t_grok in weight decay is not −1', earlier, {
      values: [grok?.exponents[1]!.exponent ?? NaN],
      range: { min: -0.85, max: -0.35 },
    }),
  ]
}

function fourPhases(runs: readonly RunSummary[]): Statement[] {
  const phases = new Set(runs.map((run) => phaseOfRun(run, usualThresholds)))
  const column = runs.filter((run) => valueOf(run, wd) === 1)
  const row = runs.filter((run) => valueOf(run, fraction) === 0.9 && within(valueOf(run, wd), 0.1, 2.5))
  const decay = fitPowerLaw(factored(row, 't_grok', [wd]))
  return [
    statement('phases', 'All four phases are there', 'Liu et al. 2022, arXiv:2205.10343, in their setting', {
      values: [learningPhases.filter((phase) => phases.has(phase)).length],
      range: { min: 4 },
    }),
    statement('boundary', 'At wd = 1 half of the seeds generalize from this training share on', plane, {
      values: [boundaryOf(column, fraction)],
      range: { min: 0.74, max: 0.82 },
    }),
    statement(
      'decay',
      'The exponent of t_grok in weight decay, at a training share of 0.9 and wd from 0.1 to 2.5',
      plane,
      {
        values: [decay?.exponents[0]!.exponent ?? NaN],
        range: { min: -1.4, max: -0.8 },
      },
    ),
  ]
}

function initialScale(runs: readonly RunSummary[]): Statement[] {
  const row = runs.filter((run) => valueOf(run, fraction) === 0.95)
  const large = fitPowerLaw(
    factored(
      row.filter((run) => valueOf(run, scale) >= 1),
      't_grok',
      [scale],
    ),
  )
  const at = (alpha: number) => medianOf(row.filter((run) => valueOf(run, scale) === alpha))
  const source = 'decay alone takes ln α/(η·wd) steps more from α times the norm'
  return [
    statement('later', 'The exponent of t_grok in α, from α = 1 on, at a training share of 0.95', source, {
      values: [large?.exponents[0]!.exponent ?? NaN],
      range: { min: 0.15 },
    }),
    statement('sooner', 't_grok at α = 1/4 over that at α = 1, there', source, {
      values: [at(0.25) / at(1)],
      range: { max: 1 },
    }),
  ]
}

function normClamp(runs: readonly RunSummary[]): Statement[] {
  const row = runs.filter((run) => valueOf(run, eta) === 0.003)
  // ln x is the norm.
  const values = readings(row, 't_grok').map(({ run, ...value }) => ({
    ...value,
    factors: [Math.exp(valueOf(run, norm))],
  }))
  const law = fitPowerLaw(values)
  const leastAt = (held: number) =>
    medianOf(
      row.filter((run) => valueOf(run, norm) === held),
      { censored: 'above' },
    )
  const source = 'runs without a clamp memorize at a norm of 13 and generalize as it falls to 9 … 12'
  return [
    statement('exponential', 'Growth of ln t_grok per unit of the norm, at η = 0.003', source, {
      values: [law?.exponents[0]!.exponent ?? NaN],
      range: { min: 0.1 },
    }),
    statement('held', 't_grok at a norm of 13 over that at 9, at least', source, {
      values: [leastAt(13) / leastAt(9)],
      range: { min: 2 },
    }),
  ]
}

function systemSize(runs: readonly RunSummary[]): Statement[] {
  const column = runs.filter((run) => valueOf(run, wd) === 1)
  return [
    statement(
      'boundary',
      'At wd = 1 half of the seeds generalize from this modulus on, at a training share of 0.8',
      plane,
      {
        values: [boundaryOf(column, modulus)],
        range: { min: 11, max: 14 },
      },
    ),
  ]
}

const manifold = 'on the zero-loss set the flow has one clock, the decay time ηλt: Musat, arXiv:2511.01938'

function delayInRateAndDecay(runs: readonly RunSummary[]): Statement[] {
  const small = runs.filter((run) => valueOf(run, eta) <= 1)
  const fit = fitPowerLaw(delays(small, [eta, wd]))
  return [
    statement('rate', 'The exponent of the delay in η, up to η = 1, weight decay apart, is −1', manifold, {
      values: [fit?.exponents[0]!.exponent ?? NaN],
      range: { min: -1.1, max: -0.9 },
    }),
    statement('decay', 'So is that in weight decay', manifold, {
      values: [fit?.exponents[1]!.exponent ?? NaN],
      range: { min: -1.25, max: -0.85 },
    }),
  ]
}

function delayInDataAndWidth(runs: readonly RunSummary[]): Statement[] {
  const row = runs.filter((run) => valueOf(run, fraction) === 0.96)
  const most = Math.max(...row.map((run) => valueOf(run, width)))
  const at = (share: number) => runs.filter((run) => valueOf(run, fraction) === share && valueOf(run, width) === most)
  // A bound of what is divided by bounds the ratio; one of what is divided does not.
  const ratio = medianOf(at(0.96), { name: 'delay' }) / medianOf(at(0.86), { name: 'delay', censored: 'above' })
  return [
    statement(
      'width',
      'Growth of the delay in decay time per unit of ln d_h, at a training share of 0.96',
      'the norm of the start grows as √d_h, and decay alone takes ½ ln d_h longer',
      { values: [decayTimeAgainstLog(row, width)], range: { min: 0.25, max: 1 } },
    ),
    statement(
      'data',
      'The delay at a training share of 0.96 over that at 0.86, at the largest width, at most',
      'more data leave fewer functions of zero loss',
      { values: [ratio], range: { max: 0.7 } },
    ),
  ]
}

function delayInScaleAndDecay(runs: readonly RunSummary[]): Statement[] {
  const large = runs.filter((run) => valueOf(run, scale) >= 1)
  const fit = fitPowerLaw(delays(large, [scale, wd]))
  return [
    statement(
      'scale',
      'Growth of the delay in decay time per unit of ln α, for α ≥ 1',
      'decay alone takes ln α/(ηλ) steps more from α times the norm',
      { values: [decayTimeAgainstLog(large, scale)], range: { min: 0.5, max: 1.5 } },
    ),
    statement('decay', 'The exponent of the delay in weight decay, there', manifold, {
      values: [fit?.exponents[1]!.exponent ?? NaN],
      range: { min: -1.4, max: -0.7 },
    }),
  ]
}

/** Delays that have a logarithm: one shorter than the distance of two measurements reads 0. */
function delays(runs: readonly RunSummary[], fields: readonly string[]): FactoredValue[] {
  return factored(runs, 'delay', fields).filter(({ value }) => value > 0)
}

/** The slope of the delay in decay time, ηλ·(t_grok − t_memorize), against ln x by least squares, of the runs in which both came. */
function decayTimeAgainstLog(runs: readonly RunSummary[], field: string): number {
  const values = readings(runs, 'delay').map(({ run, value, ...rest }) => ({
    ...rest,
    // The power law of exp τ in x is the straight line of τ in ln x.
    value: Math.exp(value * valueOf(run, eta) * valueOf(run, wd)),
    factors: [valueOf(run, field)],
  }))
  return fitPowerLaw(values)?.exponents[0]!.exponent ?? NaN
}

const [wd, eta, fraction] = ['dynamics.weightDecay', 'dynamics.learningRate', 'task.trainFraction']
const [scale, norm, modulus] = ['initialization.scale', 'interventions.0.norm', 'task.modulus']
const width = 'network.hidden'

function statement(
  id: string,
  text: string,
  source: string,
  { values, range }: Pick<Statement, 'values' | 'range'>,
): Statement {
  return { id, text, source, basis: 'laboratory', values, range }
}

function valueOf({ facets }: RunSummary, field: string): number {
  return Number(facets[field as FacetPath])
}

function within(value: number, min: number, max: number): boolean {
  return value >= min && value <= max
}

function readings(runs: readonly RunSummary[], name: string): { run: RunSummary; value: number; isBeyond: boolean }[] {
  const { read } = findQuantity(name)
  return runs.flatMap((run) => {
    const reading = read(run)
    return reading ? [{ run, ...reading }] : []
  })
}

function factored(runs: readonly RunSummary[], name: string, fields: readonly string[]): FactoredValue[] {
  return readings(runs, name).map(({ run, ...reading }) => ({
    ...reading,
    factors: fields.map((field) => valueOf(run, field)),
  }))
}

/** The median of t_grok, or of what is named; of a censored one NaN, or with `above` its bound. */
function medianOf(
  runs: readonly RunSummary[],
  { name = 't_grok', censored }: { name?: string; censored?: 'above' } = {},
): number {
  const { value, above, state } = cellValue('median', readings(runs, name))
  return state === 'censored' && censored ? above : value
}

function boundaryOf(runs: readonly RunSummary[], field: string): number {
  const places = Map.groupBy(readings(runs, 't_grok'), ({ run }) => valueOf(run, field))
  const row = [...places].map(([at, all]) => ({
    at,
    came: all.filter(({ isBeyond }) => !isBeyond).length,
    of: all.length,
  }))
  return fitShareBoundary(row)?.middle ?? NaN
}
