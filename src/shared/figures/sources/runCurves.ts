import { z } from 'zod'
import type { HostRequest } from '../../contract.ts'
import type { CurvesPanel } from '../../curves/curveCaptions.ts'
import { curvesTabPanel, expectationsOf } from '../../curves/curvesTabPanels.ts'
import {
  isMeasurementGroup,
  measurementGroups,
  measurementNames,
  measurementOf,
  measurements,
  type MeasurementGroup,
  type MeasurementName,
} from '../../measurements.ts'
import type { Expectation } from '../../panel.ts'
import type { RunSummary } from '../../run.ts'
import { studyOfFacets } from '../../studies/studies.ts'
import { readRunGroup, runGroupShape } from './runGroup.ts'
import type { SourceDescription } from './source.ts'

const groups = Object.keys(measurementGroups) as MeasurementGroup[]
const panels: readonly CurvesPanel[] = [...measurementNames, ...groups, 'squaredNorms', 'path']

/** A chart of the view of a run's curves: its seeds thin and their mean strong, training dashed beside test, both layers' norms. */
export const runCurvesSchema = z.strictObject({
  kind: z.literal('runCurves'),
  ...runGroupShape,
  panel: z.enum(panels as [CurvesPanel, ...CurvesPanel[]]),
})

type RunCurves = z.output<typeof runCurvesSchema>

export const runCurves: SourceDescription<RunCurves> = {
  async load(source, request) {
    const { run, group } = await readRunGroup(source, (of) => namesOf(source.panel, of), request)
    return curvesTabPanel(source.panel, group, run, await expectedOf(source, run, request))
  },
  nameOf: ({ panel }, drawn) => drawn?.title ?? wordsOf(panel),
  runsBehind: ({ runIds, archive }) => Promise.resolve({ runIds, archive }),
}

/** What the paper's figure expects that is drawn from the run, where there is one. */
async function expectedOf(
  { panel, axis, archive }: RunCurves,
  { id, figure }: RunSummary,
  request: HostRequest,
): Promise<Expectation[]> {
  if (figure === null || axis !== 'step' || archive !== undefined) return []
  try {
    const { runs, panels } = await request('paper.show', { figure })
    return runs.some(({ runId }) => runId === id) ? expectationsOf(panel, axis, panels) : []
  } catch {
    // It is an addition: what other runs of the figure lack takes nothing from this one.
    return []
  }
}

/** What is to be read for a panel; of a branch the training loss says how far back its parent is shown. */
function namesOf(panel: CurvesPanel, { facets, parentRunId }: RunSummary): MeasurementName[] {
  const ofStudy = studyOfFacets(facets)?.panels.find(({ curves }) => curves[0]!.measurement === panel)
  const own = ofStudy ? ofStudy.curves.map(({ measurement }) => measurement) : ofPanel(panel)
  return [...new Set([...own, ...(parentRunId === null ? [] : (['trainLoss'] as const))])]
}

function ofPanel(panel: CurvesPanel): MeasurementName[] {
  if (panel === 'squaredNorms') return ['firstLayerNormSquared', 'secondLayerNormSquared']
  if (panel === 'path') return ['weight1', 'weight2']
  return isMeasurementGroup(panel) ? [measurementOf(panel, 'test'), measurementOf(panel, 'training')] : [panel]
}

function wordsOf(panel: CurvesPanel): string {
  if (panel === 'squaredNorms') return 'Squared norms'
  if (panel === 'path') return 'Path'
  return isMeasurementGroup(panel) ? measurementGroups[panel].title : measurements[panel].label
}
