import { datasetHash } from '../../src/main/store/datasetHash.ts'
import type { Dataset, DatasetTask } from '../../src/shared/tasks/dataset.ts'

/** A task of data as its file would make it, 3 features, and real targets as many columns as Y has for its rows. */
export function datasetTask(
  { X, Y, train }: { X: Float64Array; Y: Int32Array | Float64Array; train?: Int32Array },
  { features = 3, trainFraction = 0.7 } = {},
): { task: DatasetTask; dataset: Dataset } {
  const samples = X.length / features
  const outputs = Y instanceof Int32Array ? Math.max(...Y) + 1 : Y.length / samples
  const dataset = {
    X: { rows: samples, columns: features, data: X },
    Y: Y instanceof Int32Array ? Y : { rows: samples, columns: outputs, data: Y },
    ...(train && { train }),
  }
  const content = {
    hash: datasetHash(dataset),
    samples,
    features,
    targets: Y instanceof Int32Array ? ('classes' as const) : ('real' as const),
    outputs,
    ...(train && { train: train.length }),
  }
  const split = train ? ({ kind: 'file' } as const) : ({ kind: 'random' } as const)
  const share = train ? train.length / samples : trainFraction
  return { task: { kind: 'dataset', path: 'data.npz', trainFraction: share, split, content }, dataset }
}
