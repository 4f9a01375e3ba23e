import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LabError } from '../../../shared/errors.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'
import type { GpuForecast } from '../../sweep/gpuMessages.ts'
import { openSweepFolder } from '../../sweep/sweepFolder.ts'
import type { SweepPlan } from '../../sweep/sweepPlan.ts'
import { forecastOnGpu } from './sweepOnGpu.ts'

export interface ArithmeticChoice {
  on: 'here' | 'gpu'
  /** As it is printed, and stored with what a GPU computes. */
  reason: string
}

/**
 * What `--on auto` comes to: the arithmetic that a sweep's folder has already; else, by the measured time of a step of one run, the
 * faster of the GPU and so many processors; the processor where the GPU does not compute the sweep, or there is none.
 */
export async function chooseArithmetic(
  { path, plan }: { path: string; plan?: SweepPlan },
  slots: number,
): Promise<ArithmeticChoice> {
  if (!plan || existsSync(join(path, 'sweep.json'))) {
    const { gpu } = openSweepFolder(path)
    return gpu === null
      ? { on: 'here', reason: 'the processor, which its folder is computed on' }
      : { on: 'gpu', reason: 'the GPU, which its folder is computed on' }
  }
  try {
    return faster(await forecastOnGpu(plan.spec), Math.min(slots, plan.keys.length))
  } catch (error) {
    if (!(error instanceof LabError) || !isOfGpu.has(error.code)) throw error
    return { on: 'here', reason: `the processor; the GPU does not compute it: ${error.message}` }
  }
}

const isOfGpu: ReadonlySet<string> = new Set(['BACKEND_UNAVAILABLE', 'INVALID_SPECIFICATION', 'OUT_OF_MEMORY'])

/** By the steps of all runs; what there is beside them is much alike. */
export function faster(forecast: Omit<GpuForecast, 'batches' | 'device'>, slots: number): ArithmeticChoice {
  const { seconds, secondsPerRunStep, coreSecondsPerRunStep } = forecast
  const here = (seconds * coreSecondsPerRunStep) / secondsPerRunStep / slots
  const [on, name] = seconds < here ? (['gpu', 'the GPU'] as const) : (['here', 'the processor'] as const)
  const processors = slots === 1 ? 'one processor' : `${slots} processors`
  const times = `${formatDuration(seconds)} on the GPU, ${formatDuration(here)} on ${processors}`
  return { on, reason: `${name}, by measured times of its steps: ${times}` }
}
