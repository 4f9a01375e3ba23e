import { parseArgs } from 'node:util'
import { maxThreads } from '../../shared/machine.ts'
import { tryStep } from '../../shared/tryStep.ts'
import { runTask, taskExits } from './runTask.ts'

/** The entry of the program that a sweep's folder holds. */
const usage = `usage: node task.mjs FOLDER INDEX [--threads 1…${maxThreads}] [--stop-after-failures N]\n`

const text = { type: 'string' } as const
const given = tryStep(
  () => parseArgs({ allowPositionals: true, options: { threads: text, 'stop-after-failures': text } }),
  () => undefined,
)
const [folder, index, ...more] = given?.positionals ?? []
const { threads = '1', 'stop-after-failures': stopAfterFailures = '0' } = given?.values ?? {}
const areNumbers = [index, threads, stopAfterFailures].every((number) => /^\d{1,9}$/.test(number ?? ''))
if (folder === undefined || more.length > 0 || !areNumbers || Number(threads) < 1 || Number(threads) > maxThreads) {
  process.stderr.write(usage)
  process.exitCode = taskExits.usage
} else {
  process.exitCode = await runTask(folder, Number(index), {
    threads: Number(threads),
    stopAfterFailures: Number(stopAfterFailures) || Infinity,
  })
}
