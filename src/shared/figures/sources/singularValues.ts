import { z } from 'zod'
import { singularPanel } from '../../curves/geometryPanels.ts'
import { nameOfSnapshot, readSnapshot, runBehind, snapshotShape } from './snapshot.ts'
import type { SourceDescription } from './source.ts'

/** Singular values of E, with those at the start. */
export const singularValuesSchema = z.strictObject({ kind: z.literal('singularValues'), ...snapshotShape })

export const singularValues: SourceDescription<z.output<typeof singularValuesSchema>> = {
  async load(source, request) {
    const { steps, analyze } = await readSnapshot(source, request)
    const [now, start] = await Promise.all([analyze('singularValues', {}), analyze('singularValues', {}, steps[0])])
    return singularPanel(now, start)
  },
  nameOf: (source) => nameOfSnapshot('Singular values of E', source),
  runsBehind: runBehind,
}
