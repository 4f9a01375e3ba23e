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
      'above',
    )
  const source = 'runs without a clamp memorize at a norm of 13 and generalize as it falls to 9 … 12'
  return [
    statement('exponential', 'ln t_grok grows with the norm, by so much a unit, at η = 0.003', source, {
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

const [wd, eta, fraction] = ['dynamics.weightDecay', 'dynamics.learningRate', 'task.trainFraction']
const [scale, norm, modulus] = ['initialization.scale', 'interventions.0.norm', 'task.modulus']

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

/** The median of t_grok; of a censored one NaN, or with `above` its bound. */
function medianOf(runs: readonly RunSummary[], censored?: 'above'): number {
  const { value, above, state } = cellValue('median', readings(runs, 't_grok'))
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
