import { onScopeDispose, watch } from 'vue'
import { watched } from '../lab.ts'
import { oncePerFrame } from './oncePerFrame.ts'

const send = oncePerFrame(() => watched.send())

/** Asks the host for the events of the runs that a part of the page shows, for as long as the caller's scope lives. */
export function useWatched(shown: () => readonly string[]): void {
  const end = watched.add(shown)
  watch(() => shown().join(), send, { immediate: true })
  onScopeDispose(() => {
    end()
    send()
  })
}
