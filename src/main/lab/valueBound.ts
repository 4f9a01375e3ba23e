import type { AnalysisInput, BoundedQuantity, ValueBound } from '../../shared/analysis.ts'
import { shownShare } from '../../shared/charts/symmetricBound.ts'
import { LabError } from '../../shared/errors.ts'
import type { ComposedRunSpec } from '../../shared/experiment.ts'
import { parametersOf } from '../../shared/models/models.ts'
import { taskSizes } from '../../shared/tasks/tasks.ts'
import type { Snapshot } from '../../shared/run.ts'
import { createSizeSketch } from './analysis/sizeSketch.ts'
import type { Backend } from './backend/backend.ts'
import { quantityRows } from './quantityRows.ts'

/** Of so many values a snapshot's quantile is known well enough; of larger arrays every second, third … row is taken. */
const maxValues = 2 ** 16

/**
 * A bound that 99 % of the values of a quantity do not exceed in absolute value, over all snapshots given (where one has
 * more than 65 536 values, over evenly spaced rows of it); with `before`, of the differences from the snapshot at that
 * step. In the units of the quantity, too large by half a percent at most. Throws INVALID_SPECIFICATION for another
 * quantity or a step without a snapshot.
 */
export function valueBound(input: AnalysisInput, backend: Backend): ValueBound {
  const { options, snapshots } = input
  const quantity = checkedQuantity(options['of'], input.spec)
  const before = snapshotAt(snapshots, options['before'])
  const { rows, valuesPerRow, reader } = quantityRows(quantity, input, backend)
  const stride = Math.max(1, Math.ceil((rows * valuesPerRow) / maxValues))
  const read = reader(Int32Array.from({ length: Math.ceil(rows / stride) }, (_, place) => place * stride))
  const origin = before && Float64Array.from(read(before))
  const sketch = createSizeSketch()
  for (const snapshot of snapshots) {
    if (snapshot === before) continue
    const values = read(snapshot)
    sketch.add(origin ? origin.map((value, place) => values[place]! - value) : values)
  }
  return { of: quantity, snapshots: snapshots.length, bound: sketch.quantile(shownShare) }
}

function checkedQuantity(given: unknown, { network, task }: ComposedRunSpec): BoundedQuantity {
  const names = parametersOf(network, taskSizes(task)).map(({ name }) => name)
  const found = [...names, 'H', 'margin'].find((quantity) => quantity === given)
  if (found) return found
  const allowed = [...names, 'H', 'margin'].map((each) => `"${each}"`).join(', ')
  throw new LabError('INVALID_SPECIFICATION', `of: ${JSON.stringify(given)} is not allowed; one of ${allowed}`)
}

function snapshotAt(snapshots: readonly Snapshot[], step: unknown): Snapshot | undefined {
  if (step === undefined) return undefined
  const found = snapshots.find((snapshot) => snapshot.step === step)
  if (found) return found
  const message = `before: ${JSON.stringify(step)} is not allowed; expected the step of a snapshot`
  throw new LabError('INVALID_SPECIFICATION', message)
}
