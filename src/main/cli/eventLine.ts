import { printableJson } from '../../shared/printable.ts'
import type { RunEvent } from '../../shared/run.ts'

/** A run event as one line of JSON; a snapshot is described, its numbers stay in the archive. */
export function eventLine(event: RunEvent): string {
  if (event.type === 'snapshot') {
    const { matrices, ...rest } = event.snapshot
    const shapes = Object.fromEntries(
      Object.entries(matrices).map(([name, { rows, columns }]) => [name, [rows, columns]]),
    )
    return printableJson({ ...event, snapshot: { ...rest, matrices: shapes } })
  }
  if (event.type === 'started') return printableJson({ ...event, train: [...event.train] })
  return printableJson(event)
}
