import { z } from 'zod'
import { formatNumber } from '../../formatting/formatNumber.ts'
import { arrayPanel } from '../../panels/arrayPanel.ts'
import { clockOf } from '../../runClock.ts'
import { nameOfSnapshot, readSnapshot, runBehind, snapshotShape } from './snapshot.ts'
import type { SourceDescription } from './source.ts'

/** An array of a study at a kept place of its clock. */
export const arraySchema = z.strictObject({
  kind: z.literal('array'),
  ...snapshotShape,
  name: z.string().min(1).max(40),
})

export const array: SourceDescription<z.output<typeof arraySchema>> = {
  async load(source, request) {
    const { run, step } = await readSnapshot(source, request)
    const { runId, archive, name } = source
    const [values, snapshots] = await Promise.all([
      request('run.matrix', { runId, step, matrix: name, archive }),
      request('run.snapshots', { runId, archive }),
    ])
    const { label, symbol } = clockOf(run.facets)
    const tau = snapshots.find((snapshot) => snapshot.step === step)!.tau
    return arrayPanel(name, values, `${label} ${symbol} = ${formatNumber(tau, 3)}`)
  },
  nameOf: (source) => nameOfSnapshot(source.name, source),
  runsBehind: runBehind,
}
