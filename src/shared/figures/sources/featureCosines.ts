import { z } from 'zod'
import { cosinePanel } from '../../panels/fourierPanels.ts'
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

/** Cosines between the Fourier features of a layer, or between their moduli. */
export const featureCosinesSchema = z.strictObject({
  kind: z.literal('featureCosines'),
  ...snapshotShape,
  ...layerShape,
  ofModuli: z.boolean().default(false),
})

export const featureCosines: SourceDescription<z.output<typeof featureCosinesSchema>> = {
  async load(source, request) {
    const { run, analyze } = await readSnapshot(source, request)
    return cosinePanel(layerOf(source, run), await analyze('fourier', layerOptions(source)), source.ofModuli)
  },
  nameOf: (source) =>
    nameOfSnapshot(`Cosine of ${source.ofModuli ? 'moduli' : 'features'} of ${nameOfLayer(source)}`, source),
  runsBehind: runBehind,
}
