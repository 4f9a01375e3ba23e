import { toErrorRecord } from '../../shared/errors.ts'
import { toRunSpec, type RunSpec } from '../../shared/experiment.ts'
import type { Remedy } from '../../shared/machine.ts'
import { parseExperiment } from '../../shared/parseExperiment.ts'
import { isDevice, isTrainer } from './backend/devices.ts'
import { openBackend } from './backend/openBackend.ts'
import type { ProbeReport, ProbeRequest } from './backend/probe.ts'
import { selfTest } from './backend/selfTest.ts'
import { timeStep } from './backend/timeStep.ts'
import { tested } from './testedDevice.ts'
import { timeRun } from './timeRun.ts'

/** Loads, tests and times one backend in this process, which may not outlive it. Never throws. */
export async function tryBackend(request: ProbeRequest): Promise<ProbeReport> {
  try {
    // What TensorFlow misses it tells on standard error alone.
    if (request.kind === 'tensorflow') Object.assign(process.env, talkative)
    const backend = await openBackend(request)
    if (isDevice(backend)) {
      const { description } = await tested(backend)
      const seconds = isTrainer(backend)
        ? await timeRun(trainingOf(request.sizes), backend)
        : timeStep(backend, request.sizes)
      if (seconds === null) return { ...request, description, failure: `${description} takes no step` }
      return { ...request, description, seconds }
    }
    const { description } = backend
    const failure = selfTest(backend)
    if (failure) return { ...request, description, failure: `${description} computes wrongly: ${failure}` }
    return { ...request, description, seconds: timeStep(backend, request.sizes) }
  } catch (error) {
    const { message, detail } = toErrorRecord(error)
    const { install, advice } = (detail ?? {}) as Remedy
    return { ...request, failure: message, install, advice }
  }
}

const talkative = { TF_CPP_MIN_LOG_LEVEL: '0', TF_CPP_VMODULE: 'dso_loader=1' }

/** Training of a network of such sizes. */
function trainingOf({ samples, hidden, outputs }: ProbeRequest['sizes']): RunSpec {
  const pairs = (outputs * (outputs + 1)) / 2
  const spec = parseExperiment({
    task: { kind: 'modularAddition', modulus: outputs, trainFraction: Math.min(1, samples / pairs) },
    network: { hidden },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 1e-3, weightDecay: 1, steps: 1_000_000 },
    precision: 'float32',
    record: { measureEvery: 1000, snapshots: 'events' },
  })
  return toRunSpec(spec, 0)
}
