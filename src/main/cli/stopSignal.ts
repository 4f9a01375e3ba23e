import { stopSignals } from '../../shared/stopSignals.ts'

let controller: AbortController | undefined

/**
 * Aborts once the system tells this program to end, which from the first call on does not end it at once: runs are saved
 * first. A second interrupt, break or request to end does; a terminal that closes may say so twice and means it once.
 */
export function stopSignal(): AbortSignal {
  if (controller) return controller.signal
  const created = new AbortController()
  for (const signal of stopSignals) process[signal === 'SIGHUP' ? 'on' : 'once'](signal, () => created.abort())
  controller = created
  return created.signal
}

/** As if the system had told so; `false` where nobody waits for that. */
export function stop(): boolean {
  controller?.abort()
  return controller !== undefined
}
