import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import { LabError } from '../../shared/errors.ts'
import { generation, on } from '../lab.ts'

/** What others write into the folders of sweeps nobody tells of: it is looked for every few seconds. */
const restMilliseconds = 3000

/**
 * What the host tells of sweeps, read again when it says that something changed, and now and then for what others compute.
 * One question is asked at a time. Of another `subject` nothing stays, and what is told late of the one before is dropped.
 */
export function useSweepReading<Answer>(
  ask: () => Promise<Answer>,
  isConcerned: (sweep: string) => boolean,
  subject: () => string = () => '',
): { answer: ShallowRef<Answer | null>; failure: ShallowRef<unknown>; read: () => Promise<void> } {
  const answer = shallowRef<Answer | null>(null)
  const failure = shallowRef<unknown>(null)
  let isAsking = false
  let isStale = false

  async function read() {
    isStale = isAsking
    if (isAsking) return
    isAsking = true
    const requested = subject()
    const [found, error] = await ask().then(
      (told) => [told, null] as const,
      (reason: unknown) => [answer.value, reason] as const,
    )
    isAsking = false
    if (requested === subject()) {
      // One that was forgotten meanwhile is nothing any more; a host that is away may say the same again.
      answer.value = error instanceof LabError && error.code === 'NOT_FOUND' ? null : found
      failure.value = error
    }
    if (isStale) await read()
  }

  const end = on('sweep.changed', ({ sweep }) => void (isConcerned(sweep) && read()))
  const timer = setInterval(() => void (document.visibilityState === 'visible' && read()), restMilliseconds)
  watch(generation, read, { immediate: true })
  watch(subject, () => {
    answer.value = failure.value = null
    void read()
  })
  onScopeDispose(() => {
    end()
    clearInterval(timer)
  })
  return { answer, failure, read }
}
