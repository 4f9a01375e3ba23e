import { LabError } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/formatting/formatNumber.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'
import { openSweepGpu, type SweepGpu } from '../../sweep/computeOnGpu.ts'
import type { SweepPlan } from '../../sweep/sweepFolder.ts'
import { timeOnGpu, type GpuForecast } from '../../sweep/timeOnGpu.ts'

/** The GPU of `--on gpu`, with which go none of the options for the processor. */
export function openGpu({
  slots,
  stopAfterFailures,
}: {
  slots?: number
  stopAfterFailures?: number
}): Promise<SweepGpu> {
  for (const [flag, value] of [
    ['--slots', slots],
    ['--stop-after-failures', stopAfterFailures],
  ] as const) {
    if (value !== undefined) throw new LabError('USAGE', `${flag}: is not for --on gpu; leave it out`)
  }
  return openSweepGpu()
}

/** What a sweep would come to there; nothing is written. */
export async function forecastOnGpu(plan: SweepPlan): Promise<GpuForecast> {
  const gpu = await openSweepGpu()
  try {
    return await timeOnGpu(plan, gpu)
  } finally {
    gpu.close()
  }
}

export function describeForecast({ device, batches, seconds, ...each }: GpuForecast): string {
  const { secondsPerRunStep, coreSecondsPerRunStep } = each
  return [
    `on the GPU: ${formatDuration(seconds)}, in ${batches} ${batches === 1 ? 'batch' : 'batches'} of one shape each, on ${device}`,
    `measured:   ${microseconds(secondsPerRunStep)} a step of one run there, ${microseconds(coreSecondsPerRunStep)} on one core`,
  ].join('\n')
}

export function describeSpeed(seconds: number, runSteps: number): string {
  return `${formatDuration(seconds)} on the GPU, ${microseconds(seconds / runSteps)} a step of one run`
}

/** The first of some names, and how many more there are. */
export function listed(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}

function microseconds(seconds: number): string {
  return `${formatNumber(seconds * 1e6, 2)} µs`
}
