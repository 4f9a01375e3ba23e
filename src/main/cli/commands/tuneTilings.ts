import { dirname, resolve } from 'node:path'
import type { ProblemSize } from '../../../shared/benchmark.ts'
import { toRunSpec, type RunSpec } from '../../../shared/experiment.ts'
import { formatNumber } from '../../../shared/formatting/formatNumber.ts'
import { gpuCaseSpec } from '../../../shared/gpuCaseSpec.ts'
import { parseExperiment } from '../../../shared/parseExperiment.ts'
import { printable } from '../../../shared/printable.ts'
import { describeTilings, type TunedTable } from '../../../shared/tilingTable.ts'
import { tuneGpuHere } from '../../services/benchmarkHere.ts'
import { createDatasetReader } from '../../services/interchange/datasetFile.ts'
import { readJson } from '../readJson.ts'

/** Where steps are taken in products. */
const sizes: readonly ProblemSize[] = [
  { p: 59, hidden: 1280, n: 1239 },
  { p: 79, hidden: 2048, n: 2000 },
  { p: 113, hidden: 2048, n: 4509 },
]

/** `grokscope bench gpu --tune [SPEC.json]`: the fastest tilings for a specification, or for some sizes. */
export async function tuneTilings(path: string | true, options: { json?: boolean }): Promise<void> {
  const runs = path === true ? sizes.map(ofSize) : [await ofSpecification(path)]
  const tuned = await tuneGpuHere(runs, (done, of) => process.stderr.write(`${done} of ${of} tuned\n`))
  process.stdout.write(options.json ? `${JSON.stringify(tuned.found)}\n` : `${printable(report(tuned))}\n`)
}

function ofSize(size: ProblemSize): RunSpec {
  return gpuCaseSpec({ size, optimizer: 'adamw', loss: 'crossEntropy' })
}

async function ofSpecification(path: string): Promise<RunSpec> {
  const { complete } = createDatasetReader(() => false)
  const { input } = await complete(await readJson(path), dirname(resolve(path)))
  const spec = parseExperiment(input)
  return toRunSpec(spec, spec.seeds[0]!)
}

function report({ path, found }: TunedTable): string {
  const lines = found.map((entry) => {
    if (!entry) return 'a step so small is fused: it has no products to be cut'
    const { inputs, hidden, samples, tilings, microseconds, usualMicroseconds } = entry
    const times = `${formatNumber(microseconds, 3)} µs a step instead of ${formatNumber(usualMicroseconds, 3)}`
    return `${inputs} inputs, ${hidden} hidden units, ${samples} samples: ${times}; ${describeTilings(tilings)}`
  })
  return [...lines, `kept in ${path}, where new runs on this card find them`].join('\n')
}
