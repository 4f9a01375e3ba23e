import { computed, shallowReactive, shallowRef, type ComputedRef } from 'vue'
import { LabError } from '../../shared/errors.ts'
import { on, request } from '../lab.ts'
import { byteSize, RecentlyUsed } from './recentlyUsed.ts'

/** A computation under way, as those who do its work see it. */
export interface Task {
  /** What the host calls it. */
  name: string
  signal: AbortSignal
  /** Parts done, of how many; null where nobody can say. */
  reportProgress: (done: number, of: number | null) => void
}

/** How far a computation is. */
export interface ComputationProgress {
  done: number
  of: number | null
  /** Since it began. */
  seconds: number
}

interface Running {
  done: number
  of: number | null
  began: number
  abort: AbortController
  end: Promise<unknown>
}

/** By key. They belong to the page, not to a view: whoever comes back finds them as they are, or what came of them. */
const running = shallowReactive(new Map<string, Running>())
const names = new Map<string, string>()
const results = new RecentlyUsed<unknown>(256 * 2 ** 20)
/** Changes with every result. */
const arrived = shallowRef(0)
const now = shallowRef(performance.now())
const page = Math.random().toString(36).slice(2)
let started = 0
let timer: ReturnType<typeof setInterval> | undefined

on('computation.progress', ({ computation, done, of }) => {
  const key = names.get(computation)
  if (key !== undefined) advance(key, done, of)
})
// A run of the same id may come again from a file, computed elsewhere.
on('run.removed', ({ runIds }) => {
  results.deleteWhere((key) => runIds.some((id) => key.includes(id)))
  arrived.value++
})

/** Begins a long computation, or joins the one of this key that is under way; throws CANCELLED as soon as it is cancelled. */
export function compute<Value>(key: string, work: (task: Task) => Promise<Value>): Promise<Value> {
  const known = running.get(key)
  if (known) return known.end as Promise<Value>
  const abort = new AbortController()
  const name = `${page} ${++started}`
  names.set(name, key)
  const cancelled = new Promise<never>((_, reject) =>
    abort.signal.addEventListener('abort', () => {
      request('computation.cancel', { computation: name }).catch(() => {})
      reject(new LabError('CANCELLED', 'the computation was cancelled'))
    }),
  )
  const worked = work({ name, signal: abort.signal, reportProgress: (done, of) => advance(key, done, of) })
  const end = Promise.race([worked, cancelled])
    .then((value) => {
      results.set(key, value, byteSize(value))
      arrived.value++
      return value
    })
    .finally(() => {
      running.delete(key)
      names.delete(name)
      if (running.size > 0) return
      clearInterval(timer)
      timer = undefined
    })
  now.value = performance.now()
  running.set(key, { done: 0, of: null, began: now.value, abort, end })
  timer ??= setInterval(() => (now.value = performance.now()), 250)
  return end
}

/** Ends those whose key a person has left. */
export function cancelComputations(isLeft: (key: string) => boolean): void {
  for (const [key, { abort }] of running) if (isLeft(key)) abort.abort()
}

export function isCancelled(error: unknown): boolean {
  return error instanceof LabError && error.code === 'CANCELLED'
}

/** What came of a computation, as long as that is kept; null before. */
export function resultOf<Value>(key: string): Value | null {
  return arrived.value >= 0 ? ((results.get(key) as Value | undefined) ?? null) : null
}

/** How far some computations are together, null while none of them is under way; and the way to end them. */
export function useComputation(keys: () => readonly string[]): {
  progress: ComputedRef<ComputationProgress | null>
  cancel: () => void
} {
  const current = () => keys().flatMap((key) => running.get(key) ?? [])
  return {
    progress: computed(() => {
      const found = current()
      if (found.length === 0) return null
      const began = Math.min(...found.map((each) => each.began))
      const counted = found.every(({ of }) => of !== null)
      return {
        done: found.reduce((sum, { done }) => sum + done, 0),
        of: counted ? found.reduce((sum, { of }) => sum + of!, 0) : null,
        seconds: Math.max(0, (now.value - began) / 1000),
      }
    }),
    cancel: () => current().forEach(({ abort }) => abort.abort()),
  }
}

function advance(key: string, done: number, of: number | null) {
  const found = running.get(key)
  if (found) running.set(key, { ...found, done, of })
}
