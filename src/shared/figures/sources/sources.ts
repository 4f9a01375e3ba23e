import { z } from 'zod'
import type { HostRequest } from '../../contract.ts'
import { LabError } from '../../errors.ts'
import type { Panel } from '../../panel.ts'
import { quote } from '../../quote.ts'
import { array, arraySchema } from './array.ts'
import { chattering, chatteringSchema } from './chattering.ts'
import { claims, claimsSchema } from './claims.ts'
import { circles, circlesSchema } from './circles.ts'
import { featureCosines, featureCosinesSchema } from './featureCosines.ts'
import { featureNorms, featureNormsSchema } from './featureNorms.ts'
import { geometryCurves, geometryCurvesSchema } from './geometryCurves.ts'
import { matrix, matrixSchema } from './matrix.ts'
import { parallelCoordinates, parallelCoordinatesSchema } from './parallelCoordinates.ts'
import { paper, paperSchema } from './paper.ts'
import { predictions, predictionsSchema } from './predictions.ts'
import { runCurves, runCurvesSchema } from './runCurves.ts'
import { runMap, runMapSchema } from './runMap.ts'
import { runs, runsSchema } from './runs.ts'
import { scatter, scatterSchema } from './scatter.ts'
import { singularValues, singularValuesSchema } from './singularValues.ts'
import { spectrum, spectrumSchema } from './spectrum.ts'
import { sweepMap, sweepMapSchema } from './sweepMap.ts'
import { theory, theorySchema } from './theory.ts'
import { unitPower, unitPowerSchema } from './unitPower.ts'
import { withoutTitle } from '../withoutTitle.ts'
import type { RunsBehind, SourceDescription } from './source.ts'

const kinds = [
  runsSchema,
  paperSchema,
  claimsSchema,
  featureNormsSchema,
  featureCosinesSchema,
  unitPowerSchema,
  spectrumSchema,
  circlesSchema,
  matrixSchema,
  predictionsSchema,
  singularValuesSchema,
  chatteringSchema,
  arraySchema,
  runCurvesSchema,
  geometryCurvesSchema,
  theorySchema,
  sweepMapSchema,
  scatterSchema,
  runMapSchema,
  parallelCoordinatesSchema,
] as const

/** Where a panel's data come from. */
export type PanelSource = z.output<(typeof kinds)[number]>

/** Every kind of picture that a figure can have as a panel: a kind is a file here, its schema above and its name below. */
const sources: { [Kind in PanelSource['kind']]: SourceDescription<Extract<PanelSource, { kind: Kind }>> } = {
  runs,
  paper,
  claims,
  featureNorms,
  featureCosines,
  unitPower,
  spectrum,
  circles,
  matrix,
  predictions,
  singularValues,
  chattering,
  array,
  runCurves,
  geometryCurves,
  theory,
  sweepMap,
  scatter,
  runMap,
  parallelCoordinates,
}

export const panelSourceSchema = z.discriminatedUnion('kind', kinds)

/** The panel with its data, asked of a host. Throws where there is nothing to draw, saying what is missing. */
export async function loadPanel(source: PanelSource, request: HostRequest): Promise<Panel> {
  requireFile(source)
  return withoutTitle(await describe(source).load(source, request))
}

/** Words for a panel in lists; `panel` is null until its data are there. */
export function nameOfSource(source: PanelSource, panel: Panel | null): string {
  return describe(source).nameOf(source, panel)
}

/** The runs that a panel shows. */
export async function runsBehind(source: PanelSource, request: HostRequest): Promise<RunsBehind> {
  requireFile(source)
  return describe(source).runsBehind(source, request)
}

/** Figures once named other archives as a host did until it closed them: such a name is that of another file by now. */
function requireFile(source: PanelSource): void {
  const archive = 'archive' in source ? source.archive : undefined
  if (archive === undefined || !/^archive-\d+$/.test(archive)) return
  const message = `archive: ${quote(archive)} names no file; add this panel again from the archive that has its runs`
  throw new LabError('NOT_FOUND', message)
}

function describe({ kind }: PanelSource): SourceDescription<PanelSource> {
  return sources[kind] as SourceDescription<PanelSource>
}
