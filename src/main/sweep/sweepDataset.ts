import { join } from 'node:path'
import { z } from 'zod'
import { valueAt } from '../../shared/specification/paths.ts'
import type { SweepSpec } from '../../shared/sweep/sweepSchema.ts'
import type { Dataset } from '../../shared/tasks/dataset.ts'
import { encodeValue } from '../../shared/wire.ts'
import { datasetHash } from '../store/datasetHash.ts'
import { putFile } from './putFile.ts'
import { readPlanned } from './readPlanned.ts'

/** The file of a sweep's folder with the samples of its runs, where they are data from a file. */
export const dataFile = 'data'

const matrix = z.object({ rows: z.int().min(1), columns: z.int().min(1), data: z.instanceof(Float64Array) })
const stored = z.object({
  X: matrix,
  Y: z.union([z.instanceof(Int32Array), matrix]),
  train: z.instanceof(Int32Array).exactOptional(),
})

/** The hash of the samples that a sweep's runs are set before; undefined where they are made from a specification. */
export function dataHashOf({ base }: SweepSpec): string | undefined {
  return valueAt(base, 'task.kind') === 'dataset' ? String(valueAt(base, 'task.content.hash')) : undefined
}

/** Puts the samples into the folder, so that every task has them wherever it runs. Throws CONFLICT where others are there. */
export async function writeSweepDataset(path: string, dataset: Dataset): Promise<void> {
  await putFile(join(path, dataFile), encodeValue(dataset))
}

/** What the runs of a sweep are set before, where that is data from a file. Throws INVALID_FILE where it is not what was planned. */
export function readSweepDataset({ path, spec }: { path: string; spec: SweepSpec }): Dataset | undefined {
  const hash = dataHashOf(spec)
  if (hash === undefined) return undefined
  return readPlanned(join(path, dataFile), { stored, hash, hashOf: datasetHash })
}
