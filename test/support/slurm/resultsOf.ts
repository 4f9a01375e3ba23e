import { openArchive } from '../../../src/main/store/archive.ts'

/** Of every run of an archive, by its specification: what it computed. Throws where one stands there twice. */
export function resultsOf(archive: string): Map<string, string> {
  const opened = openArchive(archive, { readOnly: true })
  try {
    const runs = opened.runs.listRuns()
    const results = new Map(runs.map((run) => [run.specificationHash!, `${run.status} ${run.contentHash}`]))
    if (results.size !== runs.length)
      throw new Error(`${archive}: ${runs.length} runs of ${results.size} specifications`)
    return results
  } finally {
    opened.close()
  }
}
