import { z } from 'zod'
import { normsPanel } from '../../panels/fourierPanels.ts'
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

/** Norms of the Fourier features of a layer, with those at the start. */
export const featureNormsSchema = z.strictObject({
  kind: z.literal('featureNorms'),
  ...snapshotShape,
  ...layerShape,
})

export const featureNorms: SourceDescription<z.output<typeof featureNormsSchema>> = {
  async load(source, request) {
    const { run, steps, analyze } = await readSnapshot(source, request)
    const options = layerOptions(source)
    const [now, start] = await Promise.all([analyze('fourier', options), analyze('fourier', options, steps[0])])
    return normsPanel(layerOf(source, run), now, start)
  },
  nameOf: (source) => nameOfSnapshot(`Feature norms of ${nameOfLayer(source)}`, source),
  runsBehind: runBehind,
}
