import { openArchive } from '../../src/main/store/archive.ts'
import { parseExperiment } from '../../src/shared/parseExperiment.ts'
import { smallExperiment } from './browserArchive.ts'

/** Experiments `group 0`, `group 1`, … of a hundred seeds each, all finished, and grokked at step 10 · seed. */
export function fillWithFinishedRuns(path: string, experiments: number): void {
  const archive = openArchive(path)
  try {
    const seeds = Array.from({ length: 100 }, (_, seed) => seed)
    for (let place = 0; place < experiments; place++) {
      const spec = parseExperiment(smallExperiment({ name: `group ${place}`, seeds }))
      const { runIds } = archive.runs.createExperiment({ spec })
      archive.applyEvents(
        runIds.flatMap((runId, seed) => [
          { runId, sequence: 0, type: 'event', name: 'generalized', step: 10 * seed, tau: 0.1, value: 1 },
          { runId, sequence: 1, type: 'settled', status: 'finished', step: 400, tau: 0.4, seconds: 1 },
        ]),
      )
    }
  } finally {
    archive.close()
  }
}
