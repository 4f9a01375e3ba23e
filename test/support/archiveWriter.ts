import { existsSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { openArchive, type Archive } from '../../src/main/store/archive.ts'
import { LabError } from '../../src/shared/errors.ts'
import type { RunEvent, RunEventBody } from '../../src/shared/run.ts'

/**
 * A process of its own that writes to an archive until it is killed or refused, and tells the last step of each batch
 * it has stored, or why it was refused: `node archiveWriter.ts ARCHIVE RUN`. With `hold` in place of a run it only keeps
 * the archive open, and refers to it no more. Where a GATE is named after that, it tells `ready` and begins once there is a file of that name.
 */
const [path, runId, gate] = process.argv.slice(2) as [string, string, string | undefined]
if (gate !== undefined) {
  process.stdout.write('ready\n')
  // All that wait begin within a millisecond or two, and none of them keeps the others from a processor.
  const never = new Int32Array(new SharedArrayBuffer(4))
  while (!existsSync(gate)) Atomics.wait(never, 0, 0, 1)
}
if (runId === 'hold') {
  openOrTell()
  await collectGarbage()
  process.stdout.write('open\n')
  setInterval(() => {}, 1000)
} else {
  const archive = openOrTell()
  let sequence = archive.runs.nextSequence(runId)
  let step = (archive.snapshots.latestSnapshot(runId)?.step ?? -1) + 1
  for (;;) {
    const bodies: RunEventBody[] = []
    for (let i = 0; i < 200; i++, step++) {
      bodies.push({ type: 'measured', step, tau: step, seconds: step, values: { trainLoss: Math.sin(step) } })
      if (step % 70 === 0) bodies.push(checkpoint(step))
    }
    try {
      archive.applyEvents(bodies.map((body): RunEvent => ({ runId, sequence: sequence++, ...body })))
    } catch (error) {
      emit(error)
      break
    }
    process.stdout.write(`${step - 1}\n`)
  }
  archive.close()
}

function openOrTell(): Archive {
  try {
    return openArchive(path)
  } catch (error) {
    emit(error)
    process.exit(1)
  }
}

/** What nothing refers to is gone then, with all that goes with it. */
async function collectGarbage(): Promise<void> {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  await setImmediate()
  collect()
  await setImmediate()
}

function emit(error: unknown): void {
  if (!(error instanceof LabError)) throw error
  process.stdout.write(`${error.code} ${error.message}\n`)
}

function checkpoint(step: number): RunEventBody {
  const data = Float64Array.from({ length: 5 * 16 }, (_, i) => Math.sin(i * step))
  const matrices = { E: { rows: 5, columns: 16, data } }
  return { type: 'snapshot', snapshot: { step, tau: step, reason: 'checkpoint', matrices, scalars: {} } }
}
