import { ref } from 'vue'
import { createWatchedRuns } from '../../src/renderer/watchedRuns.ts'
import type { HostEventName, HostEvents, RequestName, Responses } from '../../src/shared/contract.ts'

/** What was asked of the host; it is answered when a test says so. */
export interface Asked<Data> {
  input: Record<string, unknown>
  answer: (data: Data) => void
  refuse: (error: unknown) => void
}

/** In place of `renderer/lab.ts`: `vi.mock('…/lab.ts', () => import('…/fakeLab.ts'))`. */
export const generation = ref(0)
export const watched = createWatchedRuns((runIds) => (watchedNow = runIds))
export const request = (name: RequestName, input: Record<string, unknown>) =>
  new Promise((answer, refuse) => all.push({ name, input, answer, refuse }))
export function on(name: HostEventName, listener: (data: never) => void): () => void {
  const ofName = listeners.get(name) ?? new Set()
  listeners.set(name, ofName.add(listener))
  return () => ofName.delete(listener)
}

const all: (Asked<unknown> & { name: RequestName })[] = []
const listeners = new Map<HostEventName, Set<(data: never) => void>>()
let watchedNow: readonly string[] = []

export const host = {
  /** All that was asked of this kind, in order. */
  requested<Name extends RequestName>(name: Name): Asked<Responses[Name]>[] {
    return all.filter((requested) => requested.name === name)
  },
  last<Name extends RequestName>(name: Name): Asked<Responses[Name]> {
    return host.requested(name).at(-1)!
  },
  forget(): void {
    all.length = 0
  },
  emit<Name extends HostEventName>(name: Name, data: HostEvents[Name]): void {
    for (const listener of [...(listeners.get(name) ?? [])]) listener(data as never)
  },
  listening(name: HostEventName): number {
    return listeners.get(name)?.size ?? 0
  },
  watched: () => watchedNow,
}
