import { onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { endOf, type RunSummary } from '../../../shared/run.ts'
import { oncePerFrame } from '../../composables/oncePerFrame.ts'
import { RecentlyUsed } from '../../composables/recentlyUsed.ts'
import { generation, request } from '../../lab.ts'
import { sparkPath } from './sparkPath.ts'

const kept = 5_000
const points = 60
const patience = 60

/**
 * Paths of the test accuracy of the runs in view, by run id, fetched together: at once where other runs come into view after a
 * rest, as they do by a key of the filter, and while they go on changing, as they do in scrolling, once that pauses. One that cannot
 * be read takes none of the others with it, and is asked for again once it has changed, or the host was away.
 */
export function useSparklines(runs: Ref<readonly RunSummary[]>, archive: Ref<string | undefined>) {
  const cache = new RecentlyUsed<{ state: string; path: string }>(kept)
  /** Of those that could not be read alone, the state in which that was, and the connection. */
  const unread = new RecentlyUsed<string>(kept)
  const paths = shallowRef(0)
  const publish = oncePerFrame(() => paths.value++)
  let timer = 0
  let fetching = false
  let changedAt = -Infinity

  const keyOf = (runId: string, of: string | undefined) => `${of} ${runId}`
  const attemptOf = (run: RunSummary) => `${generation.value} ${stateOf(run)}`
  function isMissing(run: RunSummary): boolean {
    const key = keyOf(run.id, archive.value)
    return cache.get(key)?.state !== stateOf(run) && unread.get(key) !== attemptOf(run)
  }

  async function fetchMissing() {
    const needed = runs.value.filter(isMissing)
    if (needed.length === 0 || fetching) return
    fetching = true
    const of = archive.value
    const attempts = needed.map(attemptOf)
    await fetchPaths(needed, of).catch(() =>
      Promise.all(
        needed.map((run, place) =>
          // The table stands without its thumbnail; what is wrong shows where the run itself is read.
          fetchPaths([run], of).catch(() => unread.set(keyOf(run.id, of), attempts[place]!)),
        ),
      ),
    )
    fetching = false
    if (runs.value.some(isMissing)) fetchAtRest()
  }

  async function fetchPaths(needed: readonly RunSummary[], of: string | undefined) {
    const answer = await request('run.curves', {
      runIds: needed.map(({ id }) => id),
      measurements: ['testAccuracy'],
      points,
      ...(of === undefined ? {} : { archive: of }),
    })
    for (const [place, { runId, curves }] of answer.entries()) {
      const run = needed[place]!
      cache.set(keyOf(runId, of), { state: stateOf(run), path: sparkPath(curves.testAccuracy, endOf(run)) })
    }
    publish()
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

  watch([runs, generation], follow, { immediate: true })
  onScopeDispose(() => clearTimeout(timer))
  return (runId: string): string => (void paths.value, cache.get(keyOf(runId, archive.value))?.path ?? '')
}

/** Changes with what there is to draw; while a run is live, each time it has come a fiftieth of its way. */
function stateOf({ sequence, contentHash, step, steps }: RunSummary): string {
  return `${sequence} ${contentHash} ${Math.floor((50 * step) / Math.max(1, steps))}`
}
