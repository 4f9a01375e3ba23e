import { cpus } from 'node:os'
import type { RunSpec } from '../../shared/experiment.ts'
import type { Provenance } from '../../shared/run.ts'
import { describeTilings } from '../../shared/tilingTable.ts'
import { version } from '../../shared/version.ts'
import type { Backend } from './backend/backend.ts'
import { isCuda } from './backend/cuda/cudaBackend.ts'
import { isTrainer } from './backend/devices.ts'
import { isWebGpu } from './backend/webgpu.ts'
import { splitHash } from './tasks/split.ts'

/** Asked once: that takes as long as a short run. */
let processor: string | undefined

/** What computes a run, for its record: a backend, and the reason for that. */
export function provenanceOf(
  spec: RunSpec,
  { backend, choice }: { backend: Backend; choice?: string },
  train: Int32Array,
): Provenance {
  const dynamics = 'dynamics' in spec ? spec.dynamics : null
  const hasSoftmax = dynamics?.kind === 'training' && dynamics.loss === 'crossEntropy'
  const steps = isCuda(backend) ? backend.steps : undefined
  return {
    grokscope: version,
    runtime: `Node ${process.versions.node}`,
    platform: `${process.platform} ${process.arch}`,
    processor: (processor ??= cpus()[0]?.model ?? 'unknown'),
    backend: backend.kind,
    device: backend.description,
    precision: backend.precision,
    ...(hasSoftmax ? { lossPrecision: isTrainer(backend) ? 'float32' : (dynamics.lossPrecision ?? 'float64') } : {}),
    threads: backend.threads,
    choice: [choice, steps?.reason].filter(Boolean).join('; '),
    ...(steps ? { steps: steps.isFused ? 'many in one kernel' : 'by cuBLAS and cuSOLVER' } : {}),
    ...(isWebGpu(backend) && backend.tilings ? { tilings: describeTilings(backend.tilings) } : {}),
    ...backend.preparation,
    splitHash: splitHash(train),
  }
}
