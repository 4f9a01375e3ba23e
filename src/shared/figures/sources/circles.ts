import { z } from 'zod'
import { LabError } from '../../errors.ts'
import { circlesPanel } from '../../panels/fourierPanels.ts'
import {
  layerOf,
  layerOptions,
  layerShape,
  nameOfLayer,
  nameOfSnapshot,
  readSnapshot,
  runBehind,
  snapshotShape,
} from './snapshot.ts'
import type { SourceDescription } from './source.ts'

/** The tokens of every frequency around a circle of its own, or of one frequency. */
export const circlesSchema = z.strictObject({
  kind: z.literal('circles'),
  ...snapshotShape,
  ...layerShape,
  frequency: z.int().min(1).optional(),
})

export const circles: SourceDescription<z.output<typeof circlesSchema>> = {
  async load(source, request) {
    const { run, analyze } = await readSnapshot(source, request)
    const { frequency } = source
    const found = await analyze('fourier', layerOptions(source))
    if (frequency !== undefined && frequency > found.frequencies)
      throw new LabError('NOT_FOUND', `frequency: ${run.name} has no ${frequency}; 1 to ${found.frequencies}`)
    return circlesPanel(layerOf(source, run), found, frequency)
  },
  nameOf: (source) =>
    nameOfSnapshot(
      `${source.frequency === undefined ? 'Circles' : `Circle ${source.frequency}`} of ${nameOfLayer(source)}`,
      source,
    ),
  runsBehind: runBehind,
}
