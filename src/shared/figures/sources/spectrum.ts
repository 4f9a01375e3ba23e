import { z } from 'zod'
import { roundBound, symmetricBound } from '../../charts/symmetricBound.ts'
import { relativePower, spectrumPanel } from '../../panels/fourierPanels.ts'
import { layerOf, layerOptions, layerShape, nameOfLayer, readSnapshot, runBehind, snapshotShape } from './snapshot.ts'
import type { SourceDescription } from './source.ts'

/** Power of every frequency of a layer at all snapshots of a run. */
export const spectrumSchema = z.strictObject({
  kind: z.literal('spectrum'),
  runId: snapshotShape.runId,
  archive: snapshotShape.archive,
  ...layerShape,
})

export const spectrum: SourceDescription<z.output<typeof spectrumSchema>> = {
  async load(given, request) {
    const source = { ...given, step: 'last' } as const
    const { run, analyze } = await readSnapshot(source, request)
    const found = await analyze('spectrumOverSteps', layerOptions(source))
    return spectrumPanel(layerOf(source, run), found, roundBound(symmetricBound(relativePower(found.power).data)))
  },
  nameOf: (source) => `Frequency × step of ${nameOfLayer(source)}`,
  runsBehind: (source) => runBehind({ ...source, step: 'last' }),
}
