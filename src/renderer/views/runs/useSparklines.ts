import { shallowRef, watch, type Ref } from 'vue'
import { endOf, type RunSummary } from '../../../shared/run.ts'
import { oncePerFrame } from '../../composables/oncePerFrame.ts'
import { RecentlyUsed } from '../../composables/recentlyUsed.ts'
import { request } from '../../lab.ts'
import { sparkPath } from './sparkPath.ts'

const kept = 5_000
const points = 60
const patience = 60

/**
 * Paths of the test accuracy of the runs in view, by run id, fetched together: at once where other runs come into view after a
 * rest, as they do by a key of the filter, and while they go on changing, as they do in scrolling, once that pauses.
 */
export function useSparklines(runs: Ref<readonly RunSummary[]>, archive: Ref<string | undefined>) {
  const cache = new RecentlyUsed<{ state: string; path: string }>(kept)
  const paths = shallowRef(0)
  const publish = oncePerFrame(() => paths.value++)
  let timer = 0
  let fetching = false
  let changedAt = -Infinity

  const missing = () => runs.value.filter((run) => cache.get(run.id)?.state !== stateOf(run))

  async function fetchMissing() {
    const needed = missing()
    if (needed.length === 0 || fetching) return
    fetching = true
    try {
      const answer = await request('run.curves', {
        runIds: needed.map(({ id }) => id),
        measurements: ['testAccuracy'],
        points,
        ...(archive.value === undefined ? {} : { archive: archive.value }),
      })
      for (const [place, { runId, curves }] of answer.entries()) {
        const run = needed[place]!
        cache.set(runId, { state: stateOf(run), path: sparkPath(curves.testAccuracy, endOf(run)) })
      }
      publish()
    } catch {
      // The table stands without its thumbnails; what is wrong shows where the runs themselves are read.
      for (const run of needed) cache.set(run.id, { state: stateOf(run), path: '' })
    } finally {
      fetching = false
      if (missing().length > 0) fetchAtRest()
    }
  }

  function fetchAtRest() {
    clearTimeout(timer)
    timer = window.setTimeout(fetchMissing, patience)
  }

  function follow() {
    const now = performance.now()
    const isMoving = now - changedAt < patience
    changedAt = now
    if (isMoving) fetchAtRest()
    else void fetchMissing()
  }

  watch(archive, () => cache.deleteWhere(() => true))
  watch(runs, follow, { immediate: true })
  return (runId: string): string => (void paths.value, cache.get(runId)?.path ?? '')
}

/** Changes with what there is to draw; while a run is live, each time it has come a fiftieth of its way. */
function stateOf({ sequence, contentHash, step, steps }: RunSummary): string {
  return `${sequence} ${contentHash} ${Math.floor((50 * step) / Math.max(1, steps))}`
}
