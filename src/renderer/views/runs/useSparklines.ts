import { shallowRef, watch, type Ref } from 'vue'
import type { RunSummary } from '../../../shared/run.ts'
import { oncePerFrame } from '../../composables/oncePerFrame.ts'
import { RecentlyUsed } from '../../composables/recentlyUsed.ts'
import { request } from '../../lab.ts'
import { sparkPath } from './sparkPath.ts'

const kept = 5_000
const points = 60
const patience = 60

/** Paths of the test accuracy of the runs in view, by run id, fetched together once scrolling pauses. */
export function useSparklines(runs: Ref<readonly RunSummary[]>, archive: Ref<string | undefined>) {
  const cache = new RecentlyUsed<{ sequence: number; path: string }>(kept)
  const paths = shallowRef(0)
  const publish = oncePerFrame(() => paths.value++)
  let timer = 0
  let fetching = false

  const missing = () => runs.value.filter(({ id, sequence }) => cache.get(id)?.sequence !== sequence)

  async function fetchMissing() {
    const wanted = missing()
    if (wanted.length === 0 || fetching) return
    fetching = true
    try {
      const answer = await request('run.curves', {
        runIds: wanted.map(({ id }) => id),
        measurements: ['testAccuracy'],
        points,
        ...(archive.value === undefined ? {} : { archive: archive.value }),
      })
      for (const [place, { runId, curves }] of answer.entries()) {
        const { sequence, steps } = wanted[place]!
        cache.set(runId, { sequence, path: sparkPath(curves.testAccuracy, steps) })
      }
      publish()
    } catch {
      // The table stands without its thumbnails; what is wrong shows where the runs themselves are read.
      for (const { id, sequence } of wanted) cache.set(id, { sequence, path: '' })
    } finally {
      fetching = false
      if (missing().length > 0) schedule()
    }
  }

  function schedule() {
    clearTimeout(timer)
    timer = window.setTimeout(fetchMissing, patience)
  }

  watch(archive, () => cache.clear())
  watch(runs, schedule, { immediate: true })
  return (runId: string): string => (void paths.value, cache.get(runId)?.path ?? '')
}
