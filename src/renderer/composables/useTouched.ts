import { onScopeDispose } from 'vue'
import { on } from '../lab.ts'
import { useRested } from './useRested.ts'

/** Tells which runs of one's own archive were touched, new and removed ones among them; `null` stands for so many that they are not named. */
export function onTouched(tell: (runIds: readonly string[] | null) => void): void {
  const ends = [on('runs.touched', ({ runIds }) => tell(runIds)), on('run.removed', ({ runIds }) => tell(runIds))]
  onScopeDispose(() => ends.forEach((end) => end()))
}

/** Calls when such runs were touched; where that goes on without end, no more often than every `rest` milliseconds. */
export function useTouched(
  rest: number,
  call: () => void,
  isConcerned: (runIds: readonly string[] | null) => boolean = () => true,
): void {
  const ask = useRested(rest, call)
  onTouched((runIds) => {
    if (isConcerned(runIds)) ask()
  })
}
