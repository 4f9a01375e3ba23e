import { toErrorRecord } from '../../shared/errors.ts'
import { stopSignals } from '../../shared/stopSignals.ts'
import { openBatchGpu } from '../lab/webgpu/batch/openBatchGpu.ts'
import { computeOnGpu, requireBatches } from './computeOnGpu.ts'
import type { FromGpu, GpuForecast, GpuGo, GpuRequest, ToGpu } from './gpuMessages.ts'
import { openSweepFolder, prepareSweepFolder } from './sweepFolder.ts'
import { planSweep } from './sweepPlan.ts'
import { timeOnGpu } from './timeOnGpu.ts'

/** The entry of the process that holds a GPU and computes sweeps on it: it answers one request, and ends. */

const stop = new AbortController()
// A terminal interrupts the command and this process alike; the command says what that means.
for (const signal of stopSignals) process.on(signal, () => {})
process.on('disconnect', () => stop.abort())
process.on('message', (message: ToGpu) => {
  if (message.type === 'stop') stop.abort()
  else void reply(message.request)
})

async function reply(request: GpuRequest): Promise<void> {
  try {
    tell({ type: 'answer', answer: await answer(request) })
  } catch (error) {
    const record = toErrorRecord(error)
    if (record.code === 'INTERNAL') process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    tell({ type: 'refused', error: record })
  }
  if (process.connected) process.disconnect()
}

async function answer(request: GpuRequest): Promise<GpuForecast | GpuGo> {
  const plan = request.spec === undefined ? undefined : planSweep(request.spec)
  const gpu = await openBatchGpu()
  try {
    if (plan) await requireBatches(plan, gpu)
    if (request.kind === 'plan') return await timeOnGpu(plan!, gpu)
    const { path, reason } = request
    const sweep = plan ? await prepareSweepFolder(path, plan, [], gpu.description) : openSweepFolder(path)
    const onProgress = (ended: number, of: number) => tell({ type: 'progress', ended, of })
    return await computeOnGpu(sweep, { gpu, signal: stop.signal, reason, onProgress })
  } finally {
    gpu.close()
  }
}

function tell(message: FromGpu): void {
  if (process.connected) process.send!(message)
}
