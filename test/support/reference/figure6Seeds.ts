/**
 * Makes `src/main/lab/papers/musat2025/figure6Seeds.json`: Figure 6 under Euler's method on twenty seeds that are not its own, as
 * far as step 2600. The runs are kept in the archive that is named; a second call goes on with what a first one left.
 *
 *     node test/support/reference/figure6Seeds.ts seeds.grokscope
 */
import { writeFileSync } from 'node:fs'
import { figure6 } from '../../../src/main/lab/papers/musat2025/figure6.ts'
import { openNodeLaboratory } from '../../../src/main/services/nodeLaboratory.ts'
import type { ComposedInput } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'

const steps = 2600
const seeds = Array.from({ length: 20 }, (_, i) => 100 + i)
const target = new URL('../../../src/main/lab/papers/musat2025/figure6Seeds.json', import.meta.url)
const archivePath = process.argv[2]
if (!archivePath) throw new Error('name an archive for the runs')

const experiment = figure6.experiments({})[0] as ComposedInput
const specification = {
  ...experiment,
  name: 'Paper, figure 6, other seeds',
  dynamics: { ...experiment.dynamics, steps },
  seeds,
}
const laboratory = await openNodeLaboratory({ archivePath })
const { handlers } = laboratory
const all = { where: '', limit: 1000 }
try {
  const { runs: before } = await handlers['run.list'](all)
  const unfinished = before.filter(({ status }) => status !== 'finished').map(({ id }) => id)
  if (before.length === 0) await handlers['experiment.submit']({ spec: { ...specification }, tags: [] })
  else laboratory.runs.resume(unfinished)
  await ended()
  const runs = []
  for (const { id, seed, events, contentHash } of (await handlers['run.list'](all)).runs) {
    const [measured] = await handlers['run.curves']({ runIds: [id], measurements: ['testAccuracy'] })
    const { step, value } = measured!.curves.testAccuracy!
    runs.push({
      seed,
      halfRiseStep: events.halfRise?.step ?? null,
       accuracyAt2000: value[step.indexOf(2000)], contentHash })
  }
  const first = await handlers['run.show']({ runId: (await handlers['run.list'](all)).runs[0]!.id })
  const { grokscope, backend, threads, processor } = first.provenance!
  const record = {
    command: 'node test/support/reference/figure6Seeds.ts seeds.grokscope',
    provenance: { grokscope, backend, threads, processor },
    specification: parseExperiment(specification),
    runs: runs.toSorted((a, b) => a.seed - b.seed),
  }
  writeFileSync(target, `${JSON.stringify(record, null, 2)}\n`)
} finally {
  await laboratory.close()
}

/** Waits until no run is active; an interrupt stops them at a checkpoint. */
async function ended(): Promise<void> {
  process.once('SIGINT', () => void laboratory.close().then(() => process.exit(1)))
  await new Promise<void>((resolve) => {
    laboratory.subscribe((name) => {
      if (name === 'machine.load' && laboratory.activeRuns() === 0) resolve()
    })
    if (laboratory.activeRuns() === 0) resolve()
  })
}
