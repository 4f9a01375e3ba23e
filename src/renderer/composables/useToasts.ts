import { shallowRef, type ShallowRef } from 'vue'
import { LabError } from '../../shared/errors.ts'

export interface Toast {
  id: number
  text: string
  kind: 'done' | 'failed'
  action?: ToastAction
}

/** What is offered next: undo, open, resume. */
export interface ToastAction {
  label: string
  run: () => unknown
  /** What follows where it is not taken: the toast has gone, by the clock or by hand. */
  lapse?: () => unknown
}

const shownFor = 8_000
const tick = 200
const maxToasts = 4
const toasts = shallowRef<readonly Toast[]>([])
/** Milliseconds that each has left. */
const left = new Map<number, number>()
/** Failures that stay when their time is over: until they are dismissed, or let go. */
const lasting = new Set<number>()
let nextId = 1
let timer: ReturnType<typeof setInterval> | undefined
let isHeld = () => false

/**
 * Short messages that tell what happened and offer the next step. Time counts for them only while `held` says no: what
 * a person is about to reach, or cannot see, does not go.
 */
export function useToasts(held: () => boolean): {
  toasts: Readonly<ShallowRef<readonly Toast[]>>
  dismiss: (id: number) => void
  takeAction: (id: number) => Promise<void>
} {
  isHeld = held
  return { toasts, dismiss, takeAction }
}

export function showToast(text: string, action?: ToastAction, kind: Toast['kind'] = 'done'): void {
  const id = nextId++
  if (kind === 'failed') lasting.add(id)
  else letFailuresGo()
  toasts.value = withoutOldest([...toasts.value, action ? { id, text, kind, action } : { id, text, kind }])
  left.set(id, shownFor)
  timer ??= setInterval(count, tick)
}

/** A failure, its cause, and what to do about it: it stays until something is done after it or its view is left. */
export function showFailure(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error)
  showToast(error instanceof LabError ? `${text}. ${error.advice}` : text, undefined, 'failed')
}

/** Failures are of the past: they go, each once it has had the time of any message. */
export function letFailuresGo(): void {
  const over = [...lasting].filter((id) => !left.has(id))
  lasting.clear()
  over.forEach(dismiss)
}

function dismiss(id: number): void {
  take(id)?.action?.lapse?.()
}

async function takeAction(id: number): Promise<void> {
  try {
    await take(id)?.action?.run()
  } catch (error) {
    showFailure(error)
  }
}

function take(id: number): Toast | undefined {
  const taken = toasts.value.find((toast) => toast.id === id)
  toasts.value = toasts.value.filter((toast) => toast !== taken)
  left.delete(id)
  lasting.delete(id)
  return taken
}

function count(): void {
  if (isHeld()) return
  for (const [id, time] of left) {
    if (time > tick) left.set(id, time - tick)
    else if (lasting.has(id)) left.delete(id)
    else dismiss(id)
  }
  if (left.size > 0) return
  clearInterval(timer)
  timer = undefined
}

/** Where there are too many, the oldest go that offer nothing: what was done before what failed. */
function withoutOldest(all: readonly Toast[]): readonly Toast[] {
  if (all.length <= maxToasts) return all
  const silent = all.slice(0, -1).filter(({ action }) => !action)
  const oldest = silent.find(({ kind }) => kind === 'done') ?? silent[0]
  if (oldest) {
    left.delete(oldest.id)
    lasting.delete(oldest.id)
  }
  return all.filter((toast) => toast !== oldest)
}
