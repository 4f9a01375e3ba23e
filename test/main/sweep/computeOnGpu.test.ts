import type { ChildProcess } from 'node:child_process'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { loadWebGpu } from '../../../src/main/lab/backend/webgpu.ts'
import { collectSweep } from '../../../src/main/services/sweeps/collectSweep.ts'
import { runSweepHere } from '../../../src/main/services/sweeps/runSweepHere.ts'
import { openArchive } from '../../../src/main/store/archive.ts'
import { computeOnGpu, type SweepGpu } from '../../../src/main/sweep/computeOnGpu.ts'
import { computeTask } from '../../../src/main/sweep/computeTask.ts'
import { openSweepFolder, prepareSweepFolder, type SweepFolder } from '../../../src/main/sweep/sweepFolder.ts'
import { planSweep } from '../../../src/main/sweep/sweepPlan.ts'
import { listJournals, readRun, surveySweep, type SweepSurvey } from '../../../src/main/sweep/sweepJournals.ts'
import { runCommandLine, startCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { backendOnGpu, software } from '../../support/softwareGpu.ts'

const sweep = (steps: number) => ({
  name: 'two widths',
  base: {
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
    network: { hidden: 8 },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.01, weightDecay: 0.1, steps },
    precision: 'float32',
    record: { measureEvery: 10, snapshots: [20] },
  },
  axes: [
    { field: 'network.hidden', values: [8, 12] },
    { field: 'task.trainFraction', values: [0.5, 0.8] },
  ],
  seeds: 2,
})
const never = new AbortController().signal

/** The hashes of all results in a folder, by run. */
function resultsOf(folder: SweepFolder): Record<string, string | null> {
  const path = join(temporaryFolder(), 'a.grokscope')
  collectSweep(folder, path)
  const archive = openArchive(path, { readOnly: true })
  const runs = archive.runs.listRuns().map(({ specificationHash, resultHash }) => [specificationHash, resultHash])
  archive.close()
  return Object.fromEntries(runs) as Record<string, string | null>
}

interface Stop {
  /** Whether it is to be stopped now. */
  isAtWork?: (folder: SweepFolder) => boolean
  stop: (child: ChildProcess) => void
  /** Whether what was stopped had still to come to what is to be tested. */
  isInTime?: (survey: SweepSurvey) => boolean
}

/** A sweep that was stopped at work. What it tells is written once a second: where it was stopped too late, a longer one is. */
async function stoppedAtWork(
  steps: number,
  { isAtWork = (folder) => surveySweep(folder).begun > 0, stop, isInTime = ({ open }) => open.length > 0 }: Stop,
) {
  const folder = temporaryFolder()
  const path = join(folder, 's')
  const input = JSON.stringify(sweep(steps))
  const { child, outcome, hasEnded } = startCommandLine(folder, ['sweep', 'run', '-', '--out', 's', '--on', 'gpu'], {
    input,
  })
  const isSeen = () => existsSync(join(path, 'sweep.json')) && isAtWork(openSweepFolder(path))
  while (!isSeen() && !hasEnded()) await new Promise((resolve) => setTimeout(resolve, 20))
  stop(child)
  const ended = await outcome
  if (isInTime(surveySweep(openSweepFolder(path)))) return { folder, path, ended }
  return stoppedAtWork(4 * steps, { isAtWork, stop, isInTime })
}

describe.skipIf(!software.gpu)(`a sweep on a GPU: ${software.name}`, () => {
  const gpu = software.gpu && backendOnGpu(software.gpu)
  const folderOf = (steps: number, own: SweepGpu = gpu!) =>
    prepareSweepFolder(join(temporaryFolder(), 'sweep'), planSweep(sweep(steps)), [], own.description)
  const others: SweepGpu[] = []
  afterAll(() => others.forEach((other) => other.close()))

  it('is computed shape by shape, told to stop in the middle loses nothing, and then comes to the same bits', async () => {
    const whole = await folderOf(60)
    let told = 0
    const go = await computeOnGpu(whole, { gpu: gpu!, signal: never, onProgress: (ended) => (told = ended) })
    expect(go).toMatchObject({ ended: 8, runSteps: 8 * 60 })
    expect([told, go.problems.size]).toEqual([8, 0])
    expect(surveySweep(whole)).toMatchObject({ finished: 8, open: [] })

    const halted = await folderOf(60)
    const stop = new AbortController()
    // After one half of the first batch; the other one may be about to end.
    await computeOnGpu(halted, { gpu: gpu!, signal: stop.signal, onProgress: () => stop.abort() })
    const { finished, open } = surveySweep(halted)
    expect([2, 4]).toContain(finished)
    expect(open).toHaveLength(8 - finished)
    await computeOnGpu(halted, { gpu: gpu!, signal: never, onProgress: () => undefined })
    expect(resultsOf(halted)).toEqual(resultsOf(whole))
    expect(Object.keys(resultsOf(whole))).toHaveLength(8)
  })

  it('is left where the device is lost, with what was told before, and goes on with another', async () => {
    const device = await loadWebGpu()
    const other = { ...gpu!, gpu: device.gpu }
    const folder = await folderOf(60)
    const go = await computeOnGpu(folder, { gpu: other, signal: never, onProgress: () => device.gpu.destroy() })
    expect(go.lost).toMatchObject({ code: 'BACKEND_UNAVAILABLE' })
    // What either half of the first batch had told.
    expect([2, 4]).toContain(go.ended)
    expect(surveySweep(folder)).toMatchObject({ finished: go.ended })
    await computeOnGpu(folder, { gpu: gpu!, signal: never, onProgress: () => undefined })
    expect(surveySweep(folder)).toMatchObject({ finished: 8, open: [] })
  })

  it('has a folder that names its arithmetic, and takes no other', async () => {
    const folder = await folderOf(20)
    expect(JSON.parse(readFileSync(join(folder.path, 'sweep.json'), 'utf8'))).toMatchObject({
      sweep: 2,
      gpu: 'in a test',
    })
    const elsewhere = { ...gpu!, description: 'another card' }
    const onGpu = (of: SweepFolder, by: SweepGpu) =>
      computeOnGpu(of, { gpu: by, signal: never, onProgress: () => undefined })
    await expect(onGpu(folder, elsewhere)).rejects.toThrow(/is computed on in a test; this would be another card/)
    await expect(computeTask(folder, 0, { signal: never })).rejects.toThrow(
      /by WebAssembly, .*`grokscope sweep run .* --on gpu` goes on where that is/,
    )
    const here = { slots: 1, startWorker: () => expect.fail(), signal: never, onProgress: () => undefined }
    await expect(runSweepHere(folder, here)).rejects.toMatchObject({ code: 'CONFLICT' })
    const ofProcessor = await prepareSweepFolder(join(temporaryFolder(), 'sweep'), planSweep(sweep(20)), [])
    expect(ofProcessor.gpu).toBeNull()
    await expect(onGpu(ofProcessor, gpu!)).rejects.toThrow(
      /by WebAssembly; this would be in a test, .*`grokscope sweep run \S*` goes on where that is/,
    )
  })

  it('is refused from the terminal before anything is written, naming the field', async () => {
    const folder = temporaryFolder()
    const { base, ...rest } = sweep(20)
    const refused = async (changes: object, ...options: string[]) => {
      const input = JSON.stringify({ ...rest, base: { ...base, ...changes } })
      const { outcome } = startCommandLine(folder, ['sweep', 'run', '-', '--out', 's', '--on', 'gpu', ...options], {
        input,
      })
      return outcome
    }
    expect(await refused({ precision: 'float64' })).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/precision: "float64" is not allowed for many runs at once on a GPU/) as string,
    })
    expect(await refused({}, '--slots', '2')).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--slots: is not for --on gpu/) as string,
    })
    expect(existsSync(join(folder, 's'))).toBe(false)
  })

  it('is finished by the same command where the program was killed, and collected as any other', async () => {
    const { folder, ended } = await stoppedAtWork(1500, { stop: (child) => child.kill('SIGKILL') })
    expect(ended.signal).toBe('SIGKILL')

    const again = await runCommandLine(folder, 'sweep', 'run', 's', '--on', 'gpu')
    expect(again).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/8 finished, 0 failed, 0 not ended\n.* a step of one run/) as string,
    })
    const collected = await runCommandLine(folder, 'sweep', 'collect', 's', '--archive', 'a.grokscope')
    expect(collected.stdout).toMatch(/^8 runs added/)
    const status = await runCommandLine(folder, 'sweep', 'status', 's')
    expect(status.stdout).toMatch(/8 finished.*\ncomputed on .*SwiftShader.*, many runs at once\n/)
    // Every command that is offered for it is one that it takes.
    const taken = await runCommandLine(folder, 'sweep', 'run', 's/sweep.json')
    expect(taken.stderr).toContain('`grokscope sweep run s --on gpu` goes on with it')
    const onProcessor = await runCommandLine(folder, 'sweep', 'run', 's')
    expect(onProcessor).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--on gpu` goes on where that is/) as string,
    })
  })

  it('ends with 75 and names the runs that are left where the process of the GPU dies', async () => {
    const stop = ({ pid }: ChildProcess) => {
      try {
        const [holder] = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ')
        if (holder) process.kill(Number(holder), 'SIGKILL')
      } catch (error) {
        // It has ended already.
        if (!['ENOENT', 'ESRCH'].includes((error as NodeJS.ErrnoException).code!)) throw error
      }
    }
    const { path, ended } = await stoppedAtWork(4000, { stop, isInTime: ({ finished }) => finished === 0 })
    const { keys } = openSweepFolder(path)
    expect(ended).toMatchObject({
      code: 75,
      stdout: expect.stringMatching(
        /0 finished, 0 failed, 8 not ended\n`grokscope sweep run .* --on gpu` goes on/,
      ) as string,
      stderr: expect.stringMatching(`left: ${keys.slice(0, 5).join(', ')} and 3 more; try again`) as string,
    })
  })

  it('ends with what the system says where its journals cannot be written', async () => {
    const folder = await folderOf(60)
    const journals = join(folder.path, 'journals')
    const replace = () => {
      rmSync(journals, { recursive: true, force: true })
      writeFileSync(journals, '')
    }
    const go = computeOnGpu(folder, { gpu: gpu!, signal: never, onProgress: replace })
    await expect(go).rejects.toMatchObject({
      code: 'FILE_UNWRITABLE',
      message: expect.stringContaining('journals') as string,
    })
    rmSync(journals)
    expect(await computeOnGpu(folder, { gpu: gpu!, signal: never, onProgress: () => undefined })).toMatchObject({
      ended: 8,
    })
  })

  it('is saved where the command is told to end', async () => {
    const isAtWork = (folder: SweepFolder) =>
      [...listJournals(folder)].some(([run, paths]) => readRun(folder, run, paths).snapshot !== undefined)
    const { path, ended } = await stoppedAtWork(4000, { isAtWork, stop: (child) => child.kill('SIGTERM') })
    expect(ended.code).toBe(1)
    const saved = openSweepFolder(path)
    const runs = [...listJournals(saved)].map(([run, paths]) => readRun(saved, run, paths))
    const { events, snapshot } = runs.find((run) => run.snapshot)!
    // Nothing that was measured comes after what it goes on from.
    expect(snapshot!.step).toBe(Math.max(...events.map((event) => ('step' in event ? event.step : 0)), snapshot!.step))
    expect(snapshot!.step).toBeGreaterThan(0)
  })
})

// A computer without Vulkan has another way to a GPU, and plans.
it('says why there is no GPU in one sentence, without what Dawn wrote above it', async () => {
  const folder = temporaryFolder()
  writeFileSync(join(folder, 'sweep.json'), JSON.stringify(sweep(10)))
  const env = {
    VK_DRIVER_FILES: join(folder, 'none'),
    VK_ICD_FILENAMES: join(folder, 'none'),
    GROKSCOPE_SOFTWARE_GPU: '0',
  }
  const plan = startCommandLine(folder, ['sweep', 'plan', 'sweep.json', '--on', 'gpu'], { env })
  const { code, stdout, stderr } = await plan.outcome
  if (code === 0) expect(stdout).toMatch(/GPU/)
  else expect(stderr).toMatch(/^WebGPU: /)
})
