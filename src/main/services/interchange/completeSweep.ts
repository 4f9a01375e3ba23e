import { LabError, toErrorRecord } from '../../../shared/errors.ts'
import { startFields, type StartField } from '../../../shared/sweep/startFields.ts'
import type { GivenArrays } from '../../../shared/givenArrays.ts'
import { changedSince, readStartFile, startArrays, warningsOf } from './initialStateFile.ts'
import type { CompletedInput, DatasetReader } from './datasetFile.ts'
import { readEach } from './readEach.ts'

/** A sweep with what the files hold that its runs are set before and start from. */
export interface CompletedSweep extends CompletedInput {
  /** By their hashes, which the sweep says. */
  starts: ReadonlyMap<string, GivenArrays>
}

/**
 * Completes a sweep: the data of its base, as of any specification, and into `starts` what each file of a start holds that its base
 * or an axis names. What is no sweep is left to who plans it. Throws INVALID_FILE, with the field of each start that cannot be taken as a `SpecificationProblem`.
 */
export async function completeSweep(
  given: unknown,
  folder: string,
  { complete }: Pick<DatasetReader, 'complete'>,
): Promise<CompletedSweep> {
  const { base, starts: said = {} } = (given ?? {}) as { base?: unknown; starts?: Record<string, unknown> }
  const hashes: Record<string, string> = {}
  const starts = new Map<string, GivenArrays>()
  const warnings: string[] = []
  let completed: CompletedInput = { input: base, warnings }
  const readData = async () => {
    completed = await complete(base, folder)
    warnings.push(...completed.warnings)
  }
  const readStart = async ({ field, path, hash: saidThere }: StartField) => {
    if (Object.hasOwn(hashes, path) && saidThere === undefined) return
    try {
      const { arrays, hash, others, path: found } = await readStartFile(path, folder)
      if (saidThere !== undefined && saidThere !== hash)
        throw changedSince(found, 'initialization.hash', saidThere, hash)
      const planned = said[path]
      if (planned !== undefined && planned !== hash) throw changedSince(found, 'starts', String(planned), hash)
      hashes[path] = hash
      starts.set(hash, arrays)
      warnings.push(...warningsOf(found, startArrays, others))
    } catch (error) {
      const { code, message: problem } = toErrorRecord(error)
      if (code !== 'INVALID_FILE') throw error
      const message = `${field}: ${problem}`
      throw new LabError(code, message, [{ path: field, value: path, message }])
    }
  }
  await readEach([readData, ...startFields(given).map((start) => () => readStart(start))], (read) => read())
  const input = completed.input === base ? given : { ...(given as object), base: completed.input }
  const withHashes = starts.size > 0 ? { ...(input as object), starts: hashes } : input
  return { ...completed, input: withHashes, warnings, starts }
}
