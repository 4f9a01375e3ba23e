import type { HostRequest } from '../../shared/contract.ts'
import { groupingsOf } from '../../shared/curves/groupRuns.ts'
import type { Spread } from '../../shared/curves/groupBand.ts'
import { offeredAxes, type HorizontalAxis } from '../../shared/curves/horizontalAxis.ts'
import type { VerticalScale } from '../../shared/curves/overlayPanel.ts'
import { readRuns } from '../../shared/curves/readRuns.ts'
import { LabError } from '../../shared/errors.ts'
import type { PanelSource } from '../../shared/figures/sources/sources.ts'
import { usualLook, usualPanels } from '../../shared/figures/usualPanels.ts'
import { measurementNames, type MeasurementName } from '../../shared/measurements.ts'
import { figureIds, presentFigure, type FigureId } from '../../shared/papers/papers.ts'
import { quote } from '../../shared/quote.ts'
import type { RunSummary } from '../../shared/run.ts'

export interface PanelArguments {
  panel?: string[]
  axis?: HorizontalAxis
  scale?: VerticalScale
  spread?: 'runs' | Spread
  groupBy?: string
}

/** How many panels stand where none is named. */
const usualCount = 2

/**
 * What the panels of a figure show: measurements of the runs, or panels of papers' figures (`musat2025/fig6/test-accuracy`) and their claims
 * (`musat2025/fig6/claims`).
 */
export async function choosePanels(
  runIds: string[],
  options: PanelArguments,
  request: HostRequest,
): Promise<PanelSource[]> {
  const { panel: names } = options
  if (names?.every((name) => ofPaper(name))) {
    const whose = 'panels of a paper’s figure'
    if (runIds.length > 0) throw new LabError('USAGE', `run: ${whose} have runs of their own; leave RUN out`)
    refuseLook(options, `${whose} are drawn as the paper has them`)
    return names.map((name) => ofPaper(name)!)
  }
  if (runIds.length === 0) {
    throw new LabError('USAGE', 'run: none is named; ids, or a filter such as: p = 37 and t_grok < 2500')
  }
  const { runs } = await readRuns({ runIds }, request)
  requireFitting(runs, options)
  if (!names) {
    const usual = await usualPanels({ runIds }, request)
    return usual.slice(0, usualCount).map((source) => ({ ...source, ...given(options) }))
  }
  const measured = await measuredBy(runIds, request)
  return names.map((name): PanelSource => {
    const panel = ofPaper(name)
    if (panel) return panel
    if (!measured.includes(name as MeasurementName)) throw new LabError('USAGE', describeUnknown(name, measured))
    const look = usualLook(runs, name as MeasurementName)
    return { kind: 'runs', runIds, ...look, ...given(options) }
  })
}

/** Refuses what options say of how curves are drawn, for a reason. */
export function refuseLook({ axis, scale, spread, groupBy }: PanelArguments, reason: string): void {
  const given = { '--axis': axis, '--scale': scale, '--spread': spread, '--group-by': groupBy }
  const [option] = Object.entries(given).find(([, value]) => value !== undefined) ?? []
  if (option) throw new LabError('USAGE', `${option}: ${reason}; leave ${option} out`)
}

/** What options say of how curves are drawn. */
function given({ axis, scale, spread, groupBy }: PanelArguments) {
  return {
    ...(axis && { axis }),
    ...(scale && { vertical: scale }),
    ...(spread && { spread }),
    ...(groupBy && { groupBy }),
  }
}

function requireFitting(runs: readonly RunSummary[], { axis, spread, groupBy }: PanelArguments): void {
  const axes: readonly HorizontalAxis[] = offeredAxes(runs)
  if (axis && !axes.includes(axis)) {
    throw new LabError('USAGE', `--axis: these runs have no common ${axis}; one of ${axes.join(', ')}`)
  }
  if (groupBy === undefined) return
  if (!spread || spread === 'runs') throw new LabError('USAGE', '--group-by: groups need a --spread, such as deviation')
  const offered = groupingsOf(runs).map(({ id }) => id)
  if (!offered.includes(groupBy)) {
    const message = `--group-by: these runs make no groups by ${quote(groupBy)}; one of ${offered.join(', ')}`
    throw new LabError('USAGE', message)
  }
}

/** `FIGURE/PANEL`; null for what names no panel of a paper. */
function ofPaper(name: string): PanelSource | null {
  const slash = name.lastIndexOf('/')
  if (slash < 0) return null
  const figure = presentFigure(name.slice(0, slash))
  if (!figureIds.includes(figure as FigureId)) {
    throw new LabError(
      'USAGE',
      `--panel: ${quote(name)} is of no figure; one of ${figureIds.join(', ')}, and its panel`,
    )
  }
  const panelId = name.slice(slash + 1)
  const of = { figure: figure as FigureId }
  return panelId === 'claims' ? { kind: 'claims', ...of } : { kind: 'paper', ...of, panelId }
}

async function measuredBy(runIds: readonly string[], request: HostRequest): Promise<MeasurementName[]> {
  // Runs of a sweep measure alike: a few of many tell.
  const some = runIds.filter((_, place) => place % Math.ceil(runIds.length / maxAsked) === 0)
  const shown = await Promise.all(some.map((runId) => request('run.show', { runId })))
  return measurementNames.filter((name) => shown.some(({ measured }) => measured.includes(name)))
}
const maxAsked = 20

function describeUnknown(name: string, measured: readonly MeasurementName[]): string {
  const isKnown = (measurementNames as readonly string[]).includes(name)
  const what = isKnown ? `none of these runs measures ${name}` : `${quote(name)} is not a measurement`
  const have = measured.length > 0 ? `these runs have ${measured.join(', ')}` : 'these runs have none yet'
  return `--panel: ${what}; ${have}`
}
