import type { RunControl } from '../messages.ts'

/** The run that a worker computes, as its host speaks to it. */
export interface RunInMotion {
  /** Aborted where the run shall stop. */
  readonly signal: AbortSignal
  obey(word: RunControl): void
  /** Resolves when the run is not paused. */
  untilContinued(): Promise<void>
}

export function createRunInMotion(): RunInMotion {
  const controller = new AbortController()
  let pause: PromiseWithResolvers<void> | undefined
  const goOn = () => {
    pause?.resolve()
    pause = undefined
  }
  return {
    signal: controller.signal,
    obey(word) {
      if (word === 'pause') pause ??= Promise.withResolvers()
      else goOn()
      if (word === 'cancel') controller.abort()
    },
    untilContinued: async () => pause?.promise,
  }
}
