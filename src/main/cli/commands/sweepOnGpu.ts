import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { LabError, toErrorRecord } from '../../../shared/errors.ts'
import { formatNumber } from '../../../shared/formatting/formatNumber.ts'
import { formatDuration } from '../../../shared/formatting/formatTime.ts'
import { printable } from '../../../shared/printable.ts'
import type { SweepSpec } from '../../../shared/sweep/sweepSchema.ts'
import { askGpu, GpuProcessDied } from '../../sweep/askGpu.ts'
import type { GpuForecast, GpuGo } from '../../sweep/gpuMessages.ts'
import { openSweepFolder, type SweepFolder } from '../../sweep/sweepFolder.ts'
import type { SweepPlan } from '../../sweep/sweepPlan.ts'
import { surveySweep } from '../../sweep/sweepJournals.ts'
import { stopSignal } from '../stopSignal.ts'
import { progressLines, reportGo } from './reportGo.ts'

const flagOf = { slots: '--slots', perTask: '--per-task', stopAfterFailures: '--stop-after-failures' } as const

/** What is for runs that are computed one by one. */
export function refuseOtherOptions(
  options: Partial<Record<keyof typeof flagOf, number | undefined>>,
  on = 'gpu',
): void {
  for (const [name, flag] of Object.entries(flagOf)) {
    if (options[name as keyof typeof flagOf] === undefined) continue
    throw new LabError('USAGE', `${flag}: is not for --on ${on}: a GPU computes runs together; leave it out`)
  }
}

/** What a sweep would come to there; nothing is written. */
export function forecastOnGpu(spec: SweepSpec): Promise<GpuForecast> {
  return askGpu({ kind: 'plan', spec })
}

export function describeForecast({ device, batches, seconds, ...each }: GpuForecast): string {
  const { secondsPerRunStep, coreSecondsPerRunStep } = each
  return [
    `on the GPU: ${formatDuration(seconds)}, in ${batches} ${batches === 1 ? 'batch' : 'batches'} of one shape each, on ${device}`,
    `measured:   ${microseconds(secondsPerRunStep)} a step of one run there, ${microseconds(coreSecondsPerRunStep)} on one core`,
  ].join('\n')
}

/** Begins a sweep on a GPU or goes on with it. Where the GPU is lost, names the runs that are left; the exit code is then 75. */
export async function runOnGpu(
  { path, plan }: { path: string; plan?: SweepPlan },
  options: { json?: boolean } & Parameters<typeof refuseOtherOptions>[0],
  reason = 'asked for',
): Promise<void> {
  refuseOtherOptions(options)
  const go = await compute(path, plan, reason)
  const folder = openSweepFolder(path)
  const { seconds, runSteps } = go
  reportGo(folder, go.problems, options, {
    options: ' --on gpu',
    fields: { gpuSeconds: seconds, runSteps },
    ...(runSteps > 0 && {
      line: `${formatDuration(seconds)} on the GPU, ${microseconds(seconds / runSteps)} a step of one run`,
    }),
  })
  if (go.lost) tellLoss(folder, go.lost.message)
}

/** A process that died with its GPU is one that lost it, once there is a folder to go on with. */
async function compute(path: string, plan: SweepPlan | undefined, reason: string): Promise<GpuGo> {
  const request = { kind: 'run', path, reason, ...(plan && { spec: plan.spec }) } as const
  try {
    return await askGpu(request, { signal: stopSignal(), onProgress: progressLines() })
  } catch (error) {
    if (!(error instanceof GpuProcessDied) || !existsSync(join(path, 'sweep.json'))) throw error
    return { ended: 0, problems: new Map(), lost: toErrorRecord(error), seconds: 0, runSteps: 0 }
  }
}

/** What schedulers and scripts are told by: try again. */
const exitAgain = 75
const namedRuns = 5

function tellLoss(folder: SweepFolder, message: string): void {
  const { open } = surveySweep(folder)
  if (open.length === 0) return
  const names = open.slice(0, namedRuns).map((place) => folder.keys[place]!)
  const more = open.length > namedRuns ? ` and ${open.length - namedRuns} more` : ''
  process.stderr.write(`${printable(message)}\n${printable(`left: ${names.join(', ')}${more}; try again`)}\n`)
  process.exitCode = exitAgain
}

function microseconds(seconds: number): string {
  return `${formatNumber(seconds * 1e6, 2)} µs`
}
