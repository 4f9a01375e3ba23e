import { z } from 'zod'
import { reorderCells } from '../../charts/reorderCells.ts'
import { nameDynamics } from '../../curves/describeRun.ts'
import { orderLabels, unitPowerPanel } from '../../panels/fourierPanels.ts'
import { frequencyBlocks, orderByFrequency } from '../../panels/matrixOrder.ts'
import { withBlocks } from '../../panels/withBlocks.ts'
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

/** Share of each unit's power at each frequency, units in the order of the last snapshot, of this one, or in their own. */
export const unitPowerSchema = z.strictObject({
  kind: z.literal('unitPower'),
  ...snapshotShape,
  ...layerShape,
  order: z.enum(['frozen', 'current', 'index']).default('frozen'),
})

export const unitPower: SourceDescription<z.output<typeof unitPowerSchema>> = {
  async load(source, request) {
    const { run, steps, step, analyze } = await readSnapshot(source, request)
    const options = layerOptions(source)
    const last = steps.at(-1)!
    const [now, ordering] = await Promise.all([
      analyze('fourier', options),
      analyze('fourier', options, source.order === 'frozen' ? last : step),
    ])
    const about = [orderLabels[source.order](last), nameDynamics(run)]
    const panel = unitPowerPanel(layerOf(source, run), now, about)
    const columns = source.order === 'index' ? null : orderByFrequency(ordering)
    const ordered = reorderCells(panel, { rows: null, columns })
    return columns ? withBlocks(ordered, frequencyBlocks(columns, ordering.dominant)) : ordered
  },
  nameOf: (source) => nameOfSnapshot(`Unit × frequency of ${nameOfLayer(source)}`, source),
  runsBehind: runBehind,
}
