import { expect, it } from 'vitest'
import { sourceOfComparison, sourceOfGroup } from '../../../../src/renderer/views/compare/sourceOfComparison.ts'
import type { HostRequest } from '../../../../src/shared/contract.ts'
import { compareRuns } from '../../../../src/shared/curves/comparison.ts'
import { groupingOfFigure, groupRuns } from '../../../../src/shared/curves/groupRuns.ts'
import { createComposition, compositionSchema } from '../../../../src/shared/figures/composition.ts'
import { loadPanel } from '../../../../src/shared/figures/sources/sources.ts'
import type { LinePanel } from '../../../../src/shared/panel.ts'
import { runSummary } from '../../../support/runSummary.ts'

/** Experiments of one name for each weight decay, and one of another name. */
function experiments(decays: number) {
  const cells = [...Array(decays).keys(), undefined]
  return cells.flatMap((decay, cell) =>
    [0, 1].map((seed) =>
      runSummary({
        ...{ id: `${cell} ${seed}`, seed, experimentId: `e${cell}` },
        ...{ experiment: decay === undefined ? 'other' : 'sweep', name: `${cell}, seed ${seed}` },
        facets: { 'dynamics.weightDecay': decay ?? 0 },
      }),
    ),
  )
}
const step = Float64Array.of(0, 10, 20)

it.each([
  ['experiment', 2],
  ['experiment', 24],
  ['wd', 7],
  ['none', 2],
])('draws each group by %s of %i settings alone as it is beside the others', async (groupBy, decays) => {
  const runs = experiments(decays)
  const request = ((name: string, { runIds }: { runIds: string[] }) =>
    Promise.resolve(
      name === 'run.list'
        ? { runs: runs.filter(({ id }) => runIds.includes(id)), total: runs.length }
        : runIds.map((runId) => {
            const curve = { step, tau: step, seconds: step, value: step.map((at) => at + Number(runId.slice(-1))) }
            return { runId, curves: { testMse: curve } }
          }),
    )) as HostRequest
  const comparison = compareRuns(runs, undefined)
  const groups = groupRuns(comparison.runs, groupingOfFigure(groupBy))
  const look = { measurement: 'testMse', axis: 'step', vertical: 'log', spread: 'deviation', groupBy } as const
  const together = (await loadPanel(sourceOfComparison(comparison, look), request)) as LinePanel
  for (const group of groups) {
    const source = sourceOfGroup(comparison, group, look)
    const { series, bands } = (await loadPanel(source, request)) as LinePanel
    expect(series.length).toBeGreaterThan(0)
    expect(series).toEqual(together.series.filter((each) => each.group === group.label))
    expect(bands).toEqual(together.bands!.filter(({ name }) => series.some((each) => each.name === name)))
    const figure = { ...createComposition('apart'), panels: [{ id: 'p', source }] }
    expect(compositionSchema.parse(JSON.parse(JSON.stringify(figure)))).toEqual(figure)
  }
})
