import { onScopeDispose } from 'vue'
import { on } from '../lab.ts'

/**
 * Calls when runs of one's own archive were touched, new and removed ones among them; where that goes on without end,
 * no oftener than every `rest` milliseconds. `null` stands for so many that they are not named.
 */
export function useTouched(
  rest: number,
  call: () => void,
  isConcerned: (runIds: readonly string[] | null) => boolean = () => true,
): void {
  let timer = 0
  const touched = (runIds: readonly string[] | null) => {
    if (timer !== 0 || !isConcerned(runIds)) return
    timer = window.setTimeout(() => {
      timer = 0
      call()
    }, rest)
  }
  const ends = [on('runs.touched', ({ runIds }) => touched(runIds)), on('run.removed', ({ runIds }) => touched(runIds))]
  onScopeDispose(() => {
    ends.forEach((end) => end())
    clearTimeout(timer)
  })
}
