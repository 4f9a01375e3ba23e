import { computed, shallowRef, watch, type ComputedRef, type ShallowRef } from 'vue'
import type { LinePanel, Panel, Series } from '../../../shared/panel.ts'
import { presentFigure, type FigureId } from '../../../shared/papers/papers.ts'
import { measurements } from '../../../shared/measurements.ts'
import { readRuns } from '../../composables/readRuns.ts'
import { generation, request } from '../../lab.ts'
import { comparedMoments } from '../../curves/comparedMoments.ts'
import { comparedParents, parentIds } from '../../curves/comparedParents.ts'
import { compareRuns } from '../../curves/comparison.ts'
import { groupPanel } from '../../curves/groupPanel.ts'
import { groupingsOf, groupRuns } from '../../curves/groupRuns.ts'
import { measurementFrame, overlayPanel } from '../../curves/overlayPanel.ts'
import { curvesByRun } from '../../curves/curvesByRun.ts'
import type { PanelChoice, PanelSource } from '../../pictures/composition.ts'

export interface LoadedPanels {
  /** In the order of the choices; null until its data are there. */
  panels: ComputedRef<(Panel | null)[]>
  failures: ShallowRef<ReadonlyMap<string, string>>
  /** Words for a panel in lists. */
  nameOf: (choice: PanelChoice) => string
}

/** Rows of a curve that print can show: 6.75 in at 600 dpi are 4050 columns, each with two extremes at most. */
const points = 8000

/** The data of a figure's panels, read once for each source. */
export function usePanels(choices: () => readonly PanelChoice[]): LoadedPanels {
  const loaded = shallowRef<ReadonlyMap<string, Panel>>(new Map())
  const failures = shallowRef<ReadonlyMap<string, string>>(new Map())
  const keyOf = ({ source }: PanelChoice) => JSON.stringify(source)

  async function read(choice: PanelChoice) {
    const key = keyOf(choice)
    try {
      const panel = await readPanel(choice.source)
      loaded.value = new Map(loaded.value).set(key, panel)
      const rest = new Map(failures.value)
      rest.delete(choice.id)
      failures.value = rest
    } catch (error) {
      const words = error instanceof Error ? error.message : String(error)
      failures.value = new Map(failures.value).set(choice.id, words)
    }
  }

  watch(generation, () => (loaded.value = new Map()))
  watch(
    () => choices().map(keyOf).join(),
    () => {
      for (const choice of choices()) if (!loaded.value.has(keyOf(choice))) void read(choice)
    },
    { immediate: true },
  )
  return {
    panels: computed(() => choices().map((choice) => loaded.value.get(keyOf(choice)) ?? null)),
    failures,
    nameOf: (choice) => {
      const panel = loaded.value.get(keyOf(choice))
      if (choice.source.kind === 'runs') return measurements[choice.source.measurement].label
      return panel?.title ?? choice.source.panelId
    },
  }
}

async function readPanel(source: PanelSource): Promise<Panel> {
  if (source.kind === 'paper') {
    const figure = presentFigure(source.figure) as FigureId
    const { panels } = await request('paper.show', { figure })
    const panel = panels.find(({ id }) => id === source.panelId)
    if (!panel) throw new Error(`${figure} has no panel ${source.panelId} until its runs are finished`)
    return panel
  }
  return readCurves(source)
}

async function readCurves(source: Extract<PanelSource, { kind: 'runs' }>): Promise<Panel> {
  const { runIds, archive, measurement, axis, vertical, spread, groupBy } = source
  const log = axis === 'logStep' || axis === 'logTau'
  const { runs } = await readRuns({ runIds, archive })
  const branchedFrom = spread === 'runs' ? parentIds(runs) : []
  const [before, answer] = await Promise.all([
    readRuns({ runIds: branchedFrom, archive }),
    request('run.curves', {
      runIds: [...runIds, ...branchedFrom],
      measurements: [measurement],
      // Groups need every row; single runs no more than print can show.
      ...(spread === 'runs' ? { points, spacing: log ? 'log' : 'linear' } : {}),
      archive,
    }),
  ])
  const comparison = compareRuns(runs, archive)
  const curves = curvesByRun(answer)
  const acted = runs.filter(({ facets }) => (facets.interventions ?? 0) > 0)
  const details = await Promise.all(acted.map(({ id: runId }) => request('run.show', { runId, archive })))
  const specs = new Map(details.map((detail) => [detail.id, detail]))
  const moments = comparedMoments(comparison.runs, { specs, curves, name: measurement, axis })
  const groupings = groupingsOf(runs)
  const grouping = groupings.find(({ id }) => id === groupBy) ?? groupings[0]!
  const parents = comparedParents(runs, (id) => before.runs.find((run) => run.id === id))
  const panel =
    spread === 'runs'
      ? solid(overlayPanel(comparison, curves, measurement, { axis, vertical, reach: 0, moments, parents }))
      : groupPanel(groupRuns(comparison.runs, grouping), curves, measurement, {
          axis,
          vertical,
          spread,
          traces: false,
          moments,
        }).panel
  return {
    ...measurementFrame(measurement, axis, vertical, comparison.runs),
    ...panel,
    y: { ...panel.y, label: measurements[measurement].label },
  }
}

/** In print a dashed line is theory; runs are solid, and a check says where they are too many for the colors. */
function solid(panel: LinePanel): LinePanel {
  const drawn = (series: Series): Series => (series.role === 'context' ? series : { ...series, role: 'single' })
  return { ...panel, series: panel.series.map(drawn) }
}
