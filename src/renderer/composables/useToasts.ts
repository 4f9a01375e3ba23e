import { shallowRef } from 'vue'
import { LabError } from '../../shared/errors.ts'

export interface Toast {
  id: number
  text: string
  kind: 'done' | 'failed'
  /** What is offered next: undo, open, resume. */
  action?: { label: string; run: () => unknown }
}

const shownFor = 8_000
const most = 4
const toasts = shallowRef<Toast[]>([])
let nextId = 1

/** Short messages that tell what happened and offer the next step. */
export function useToasts() {
  return { toasts, tell, tellFailure, dismiss }
}

export function tell(text: string, action?: Toast['action'], kind: Toast['kind'] = 'done'): void {
  const toast: Toast = action ? { id: nextId++, text, kind, action } : { id: nextId++, text, kind }
  toasts.value = [...toasts.value, toast].slice(-most)
  if (kind === 'done') setTimeout(() => dismiss(toast.id), shownFor)
}

/** A failure stays until it is dismissed: its cause, and what to do about it. */
export function tellFailure(error: unknown): void {
  const text = error instanceof Error ? error.message : String(error)
  tell(error instanceof LabError ? `${text}. ${error.advice}` : text, undefined, 'failed')
}

export function dismiss(id: number): void {
  toasts.value = toasts.value.filter((toast) => toast.id !== id)
}
