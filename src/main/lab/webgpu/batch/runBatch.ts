import type { RunEvent } from '../../../../shared/run.ts'
import { placesFor } from './batchDevice.ts'
import { tellsTime } from './batchPlan.ts'
import { batchCrew, type BatchOptions, type RunOfBatch } from './batchCrew.ts'
import { batchShapeOf } from './batchShapeOf.ts'

/**
 * Computes many runs of one shape (`batchShapeOf`) at once on a GPU, each as a workgroup or as a layer of a grid of them, and yields what they tell as it comes:
 * of each run the events of `runExperiment`, in order, without progress. A run that ends leaves its place to the next. The same
 * specification, seed and device give the same bits in any batch, in any place of it, by any number of steps at a time,
 * alone, and resumed from any snapshot. `signal` cancels the rest, each run after a snapshot to resume from. What a run is
 * said to have taken is its share of what the device had to do. Two halves of the batch take turns on the device: it computes one
 * while the host hears what the other one told, and what is done with that. Throws BACKEND_UNAVAILABLE where the device is lost, and OUT_OF_MEMORY where it has no
 * room; runs that have not ended have told what they told.
 */
export async function* runBatch(runs: readonly RunOfBatch[], options: BatchOptions): AsyncGenerator<RunEvent[]> {
  const { backend, places: mostPlaces = Infinity } = options
  if (runs.length === 0) return
  const shape = batchShapeOf(runs[0]!.spec, backend.gpu.limits)
  const places = Math.min(runs.length, mostPlaces, placesFor(shape, backend.gpu))
  // Waiting for one another, they cannot tell by their own clock what a dispatch takes.
  const crews = tellsTime(backend.gpu) ? Math.min(2, places) : 1
  const waiting = runs.values()
  const shares = Array.from({ length: crews }, (_, crew) => Math.floor((places + crew) / crews))
  yield* merged(shares.map((share) => batchCrew(waiting, { ...options, shape, places: share })))
}

/** What each of them tells, as it comes, in turn. Where one throws, what the others are about to tell comes before that. */
async function* merged<T>(sources: readonly AsyncGenerator<T>[]): AsyncGenerator<T> {
  const nextOf = async (source: AsyncGenerator<T>) => ({ source, ...(await source.next()) })
  const coming = new Map(sources.map((source) => [source, nextOf(source)]))
  try {
    while (coming.size > 0) {
      const { source, done, value } = await Promise.race(coming.values())
      coming.delete(source)
      if (done) continue
      yield value
      coming.set(source, nextOf(source))
    }
  } catch (failure) {
    for (const rest of await Promise.allSettled(coming.values())) {
      if (rest.status === 'fulfilled' && !rest.value.done) yield rest.value.value
    }
    throw failure
  } finally {
    await Promise.allSettled(sources.map((source) => source.return(undefined)))
  }
}
