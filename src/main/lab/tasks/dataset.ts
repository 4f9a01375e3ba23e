import { LabError } from '../../../shared/errors.ts'
import type { MatrixData } from '../../../shared/run.ts'
import type { Dataset, DatasetTask } from '../../../shared/tasks/dataset.ts'
import { randomStream } from '../network/randomStream.ts'
import type { TaskData } from './task.ts'

/**
 * The samples of a file in its order: X (n × m) and its targets as they stand there. Throws INVALID_SPECIFICATION without
 * them, and INVALID_FILE where they have other sizes than the specification says. SCIENCE.md §2.
 */
export function datasetData({ content }: DatasetTask, dataset: Dataset | undefined): TaskData {
  const { samples, features, outputs, targets } = content
  const { X, Y } = requireDataset(dataset)
  const isFitting =
    X.rows === samples &&
    X.columns === features &&
    (Y instanceof Int32Array
      ? targets === 'classes' && Y.length === samples && Y.every((each) => each >= 0 && each < outputs)
      : targets === 'real' && Y.rows === samples && Y.columns === outputs)
  if (!isFitting)
    throw new LabError('INVALID_FILE', `the data is not of ${samples} × ${features} and ${outputs} outputs`)
  return {
    size: samples,
    inputs: features,
    outputs,
    X: { kind: 'dense', values: inFloat64(X.data) },
    targets: Y instanceof Int32Array ? { kind: 'classes', classes: Y } : { kind: 'real', values: inFloat64(Y.data) },
  }
}

/** The training samples that the file itself names. Throws INVALID_SPECIFICATION where it names none. */
export function datasetTrain(dataset: Dataset | undefined): Int32Array {
  const { train } = requireDataset(dataset)
  if (!train) throw new LabError('INVALID_SPECIFICATION', 'task.split.kind: "file" needs the array train of the file')
  return train
}

/** Numbers of the same sizes in the place of a file's, for a run that is timed and forgotten. */
export function datasetStandIn({ content }: DatasetTask): Dataset {
  const { samples, features, outputs, targets, train } = content
  const stream = randomStream(0, 'inputs')
  const drawn = (rows: number, columns: number) => ({
    rows,
    columns,
    data: Float64Array.from({ length: rows * columns }, () => stream.normal()),
  })
  return {
    X: drawn(samples, features),
    Y: targets === 'real' ? drawn(samples, outputs) : Int32Array.from({ length: samples }, (_, i) => i % outputs),
    ...(train === undefined ? {} : { train: Int32Array.from({ length: train }, (_, i) => i) }),
  }
}

function inFloat64(data: MatrixData['data']): Float64Array {
  return data instanceof Float64Array ? data : Float64Array.from(data)
}

function requireDataset(dataset: Dataset | undefined): Dataset {
  if (dataset) return dataset
  throw new LabError('INVALID_SPECIFICATION', 'task.kind: "dataset" needs the arrays that its file holds')
}
