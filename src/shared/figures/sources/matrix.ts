import { z } from 'zod'
import { reorderCells } from '../../charts/reorderCells.ts'
import { roundBound } from '../../charts/symmetricBound.ts'
import type { HostRequest } from '../../contract.ts'
import { nameDynamics } from '../../curves/describeRun.ts'
import { LabError } from '../../errors.ts'
import { formatCount } from '../../formatting/formatNumber.ts'
import { parametersOfFacets } from '../../models/models.ts'
import {
  columnNorms,
  columnOrders,
  difference,
  frequencyBlocks,
  orderByFrequency,
  orderByNorm,
  rowNorms,
  rowOrders,
} from '../../panels/matrixOrder.ts'
import { columnOrderLabels, matrixPanel } from '../../panels/matrixPanel.ts'
import { withBlocks } from '../../panels/withBlocks.ts'
import { namedHidden, namedParameter, type NamedMatrix } from '../../panels/namedMatrix.ts'
import { quote } from '../../quote.ts'
import { describeTask, taskOfFacets, type NetworkTask } from '../../tasks/tasks.ts'
import { nameOfSnapshot, readSnapshot, runBehind, snapshotShape, type SnapshotReader } from './snapshot.ts'
import type { SourceDescription } from './source.ts'

/** A parameter of a network, or its hidden values H, with hidden units as columns; or how it changed since a step. */
export const matrixSchema = z.strictObject({
  kind: z.literal('matrix'),
  ...snapshotShape,
  matrix: z.string().min(1).max(40),
  /** Of the change since then. */
  since: z.int().min(0).optional(),
  rows: z.enum(rowOrders).default('index'),
  columns: z.enum(columnOrders).default('index'),
  /** The step at whose norms rows and columns stand by norm; without it at those of the matrix shown now. */
  normsAt: z.int().min(0).optional(),
})
type MatrixSource = z.output<typeof matrixSchema>

export const matrix: SourceDescription<MatrixSource> = {
  async load(source, request) {
    const reader = await readSnapshot(source, request)
    const { run, steps, step, analyze } = reader
    const { since, normsAt } = source
    const task = taskOfFacets(run.facets)
    if (!task)
      throw new LabError(
        'NOT_FOUND',
        `matrix: ${run.name} is of no network, whose matrices have rows and columns with names`,
      )
    const last = steps.at(-1)!
    const [now, before, sorting, { bound }] = await Promise.all([
      readMatrix(source, step, task, reader, request),
      since === undefined ? null : readMatrix(source, since, task, reader, request),
      normsAt === undefined ? null : readMatrix(source, normsAt, task, reader, request),
      analyze('valueBound', { of: source.matrix, ...(since === undefined ? {} : { before: since }) }, last),
    ])
    const shown = before ? difference(now, before)! : now
    // The biases of the outputs are one column; without frequencies units stand by their norms.
    const hasUnits = 'unit' in now.columnLabels
    const hasFrequencies = describeTask(task).inputCycles(task).length > 0
    const order = source.columns === 'frequency' && !hasFrequencies ? 'norm' : source.columns
    const found = hasUnits && order === 'frequency' ? await analyze('fourier', {}, last) : null
    const frozen = found?.dominant.length === now.columns ? found : null
    const columns =
      !hasUnits || order === 'index'
        ? null
        : frozen
          ? orderByFrequency(frozen)
          : orderByNorm(columnNorms(sorting ?? now))
    const rows = source.rows === 'norm' ? orderByNorm(rowNorms(sorting ?? now)) : null
    const at = (each: number) => `step ${formatCount(each)}`
    const panel = matrixPanel(source.matrix, shown, roundBound(bound), {
      title:
        since === undefined
          ? `$${source.matrix}$, ${at(step)}`
          : `$Δ${source.matrix}$ from ${at(since)} to ${at(step)}`,
      isChange: since !== undefined,
      about: [...(hasUnits ? [columnOrderLabels[order](last, task)] : []), nameDynamics(run)],
    })
    const ordered = reorderCells(panel, { rows, columns })
    return columns && frozen ? withBlocks(ordered, frequencyBlocks(columns, frozen.dominant)) : ordered
  },
  nameOf: (source) => nameOfSnapshot(source.since === undefined ? source.matrix : `Δ${source.matrix}`, source),
  runsBehind: runBehind,
}

async function readMatrix(
  { runId, archive, matrix: name }: MatrixSource,
  step: number,
  task: NetworkTask,
  { run, analyze }: SnapshotReader,
  request: HostRequest,
): Promise<NamedMatrix> {
  if (name === 'H') return namedHidden(await analyze('hidden', {}, step))
  const parameters = parametersOfFacets(run.facets)
  const parameter = parameters.find((each) => each.name === name)
  if (!parameter) {
    const allowed = [...parameters.map((each) => each.name), 'H'].join(', ')
    throw new LabError('NOT_FOUND', `matrix: ${run.name} has no ${quote(name)}; one of ${allowed}`)
  }
  return namedParameter(parameter, await request('run.matrix', { runId, step, matrix: name, archive }), task)
}
