import type { HostRequest } from '../contract.ts'
import { offeredAxes, usualAxis } from '../curves/horizontalAxis.ts'
import { usualMeasurements } from '../curves/measurementChoices.ts'
import { readRuns } from '../curves/readRuns.ts'
import { measurements, type MeasurementName } from '../measurements.ts'
import type { RunSummary } from '../run.ts'
import { clockOf } from '../runClock.ts'
import { studyOfFacets } from '../studies/studies.ts'
import type { CurvesLook, RunsSource } from './sources/runs.ts'

/** Of networks, a figure is about these rather than about what runs are compared by. */
const ofNetworks: readonly MeasurementName[] = ['testAccuracy', 'firstLayerNormSquared']

/** What a figure of runs shows first, the most telling before the others. */
export async function usualPanels(
  { runIds, archive }: { runIds: string[]; archive?: string | undefined },
  request: HostRequest,
): Promise<RunsSource[]> {
  const { runs } = await readRuns({ runIds, archive }, request)
  return tellingMeasurements(runs).map((measurement) => ({
    kind: 'runs',
    runIds,
    ...(archive && { archive }),
    ...usualLook(runs, measurement),
  }))
}

/** How a measurement of runs is drawn at first. */
export function usualLook(runs: readonly RunSummary[], measurement: MeasurementName): CurvesLook {
  const usual = usualAxis(clockOf(...runs.map(({ facets }) => facets)))
  const axis = offeredAxes(runs).includes(usual) ? usual : 'step'
  return { measurement, axis, vertical: measurements[measurement].scale, spread: 'runs' }
}

function tellingMeasurements(runs: readonly RunSummary[]): readonly MeasurementName[] {
  const usual = usualMeasurements({ runs: runs.map((run) => ({ run })) })
  if (runs.some(({ facets }) => studyOfFacets(facets))) return usual
  const measured = ofNetworks.filter((name) => runs.some(({ latest }) => latest[name] !== undefined))
  return measured.length === ofNetworks.length ? measured : usual
}
