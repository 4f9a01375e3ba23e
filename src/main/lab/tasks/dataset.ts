import { LabError } from '../../../shared/errors.ts'
import { quote } from '../../../shared/quote.ts'
import type { MatrixData } from '../../../shared/matrix.ts'
import type { Dataset, DatasetTask } from '../../../shared/tasks/dataset.ts'
import { randomStream } from '../network/randomStream.ts'
import type { TaskData } from './task.ts'

/**
 * The samples of a file in its order: X (n × m) and its targets as they stand there. Throws INVALID_SPECIFICATION without
 * them, and INVALID_FILE where they are not what the specification says of them. SCIENCE.md §2.
 */
export function datasetData({ content }: DatasetTask, dataset: Dataset | undefined): TaskData {
  const given = requireDataset(dataset)
  const { X, Y } = given
  for (const [name, found] of Object.entries(contentOf(given))) {
    const said = content[name as keyof DatasetTask['content']]
    if (said === found) continue
    throw new LabError('INVALID_FILE', `task.content.${name}: ${quote(said)} is not that of the data, ${quote(found)}`)
  }
  const negative = Y instanceof Int32Array ? Y.find((each) => each < 0) : undefined
  if (negative !== undefined) throw new LabError('INVALID_FILE', `Y: ${negative} is no class; classes are 0, 1, …`)
  return {
    size: X.rows,
    inputs: X.columns,
    outputs: content.outputs,
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
    Y:
      targets === 'real'
        ? drawn(samples, outputs)
        : Int32Array.from({ length: samples }, (_, i) => (i === 0 ? outputs - 1 : i % outputs)),
    ...(train === undefined ? {} : { train: Int32Array.from({ length: train }, (_, i) => i) }),
  }
}

/** What a specification says of data: of classes as many as there are up to the largest. */
function contentOf({ X, Y }: Dataset): Omit<DatasetTask['content'], 'hash' | 'train'> {
  const sizes = { samples: X.rows, features: X.columns }
  return Y instanceof Int32Array
    ? { ...sizes, targets: 'classes', outputs: Y.reduce((max, each) => Math.max(max, each), 0) + 1 }
    : { ...sizes, targets: 'real', outputs: Y.columns }
}

function inFloat64(data: MatrixData['data']): Float64Array {
  return data instanceof Float64Array ? data : Float64Array.from(data)
}

function requireDataset(dataset: Dataset | undefined): Dataset {
  if (dataset) return dataset
  throw new LabError('INVALID_SPECIFICATION', 'task.kind: "dataset" needs the arrays that its file holds')
}
