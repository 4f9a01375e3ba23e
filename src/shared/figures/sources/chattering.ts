import { z } from 'zod'
import { reorderCells } from '../../charts/reorderCells.ts'
import { nameDynamics } from '../../curves/describeRun.ts'
import { changeCountsPanel, orderByKind, signChangesPanel } from '../../panels/chatteringPanels.ts'
import { columnNorms, columnOrders, frequencyBlocks, orderByFrequency, orderByNorm } from '../../panels/matrixOrder.ts'
import { columnOrderLabels } from '../../panels/matrixPanel.ts'
import { withBlocks } from '../../panels/withBlocks.ts'
import { limits, wholeNumber } from '../../specification/limits.ts'
import { describeTask, taskOfFacets } from '../../tasks/tasks.ts'
import { nameOfSnapshot, readSnapshot, runBehind, snapshotShape } from './snapshot.ts'
import type { SourceDescription } from './source.ts'

/** How often each pre-activation changes its sign in the steps after a snapshot; or how many do so how often. */
export const chatteringSchema = z.strictObject({
  kind: z.literal('chattering'),
  ...snapshotShape,
  view: z.enum(['preactivations', 'counts']).default('preactivations'),
  /** As many steps as the run looks ahead, unless given. */
  ahead: wholeNumber(limits.ahead).optional(),
  rows: z.enum(['index', 'kind']).default('kind'),
  columns: z.enum(columnOrders).default('index'),
})

export const chattering: SourceDescription<z.output<typeof chatteringSchema>> = {
  async load({ view, ahead, rows, columns, ...source }, request) {
    const { run, steps, analyze } = await readSnapshot(source, request)
    const found = await analyze('signChanges', ahead === undefined ? {} : { ahead })
    if (view === 'counts') return changeCountsPanel(found)
    const last = steps.at(-1)!
    const task = taskOfFacets(run.facets)
    const hasFrequencies = task !== null && describeTask(task).inputCycles(task).length > 0
    const order = columns === 'frequency' && !hasFrequencies ? 'norm' : columns
    const fourier = order === 'frequency' ? await analyze('fourier', {}, last) : null
    const units =
      order === 'index' ? null : fourier ? orderByFrequency(fourier) : orderByNorm(columnNorms(found.changes))
    const panel = signChangesPanel(found, [columnOrderLabels[order](last, task), nameDynamics(run)])
    const ordered = reorderCells(panel, { rows: rows === 'kind' ? orderByKind(found) : null, columns: units })
    return units && fourier ? withBlocks(ordered, frequencyBlocks(units, fourier.dominant)) : ordered
  },
  nameOf: (source) => nameOfSnapshot(names[source.view], source),
  runsBehind: runBehind,
}

const names = { preactivations: 'Changes of sign', counts: 'How often pre-activations change sign' } as const
