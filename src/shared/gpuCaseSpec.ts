import type { GpuCase } from './benchmark.ts'
import { toRunSpec, type RunSpec } from './experiment.ts'
import { parseExperiment } from './parseExperiment.ts'

/** The training that a case is a step of. */
export function gpuCaseSpec({ size: { p, hidden, n }, optimizer, loss }: GpuCase): RunSpec {
  const rates = {
    gradientDescent: { learningRate: 0.5, weightDecay: 1e-4 },
    adamw: { learningRate: 1e-3, weightDecay: 1 },
  }
  const spec = parseExperiment({
    task: { kind: 'modularAddition', modulus: p, trainFraction: n / ((p * (p + 1)) / 2) },
    network: { hidden },
    dynamics: { kind: 'training', optimizer, loss, ...rates[optimizer], steps: 1_000_000 },
    precision: 'float32',
  })
  return toRunSpec(spec, 0)
}
