import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { faster } from '../../../src/main/cli/commands/chooseArithmetic.ts'
import { openSweepFolder } from '../../../src/main/sweep/sweepFolder.ts'
import { runCommandLine, startCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'
import { software } from '../../support/softwareGpu.ts'

const sweep = (precision: string) => ({
  name: 'decays',
  base: {
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
    network: { hidden: 8 },
    dynamics: { kind: 'training', optimizer: 'adamw', learningRate: 0.01, weightDecay: 0.1, steps: 30 },
    precision,
    record: { measureEvery: 10 },
  },
  axes: [{ field: 'dynamics.weightDecay', values: [0.1, 0.2] }],
  seeds: 2,
})

describe('what --on auto chooses', () => {
  it('takes the less time for all steps, whatever they are', () => {
    const positive = fc.double({ min: 1e-9, max: 1e3, noNaN: true })
    fc.assert(
      fc.property(
        positive,
        positive,
        fc.integer({ min: 1, max: 1e9 }),
        fc.integer({ min: 1, max: 256 }),
        (...given) => {
          const [secondsPerRunStep, coreSecondsPerRunStep, steps, slots] = given
          const times = { secondsPerRunStep, coreSecondsPerRunStep, seconds: secondsPerRunStep * steps }
          const { on, reason } = faster(times, slots)
          const ratio = secondsPerRunStep / (coreSecondsPerRunStep / slots)
          fc.pre(Math.abs(ratio - 1) > 1e-9)
          expect(on).toBe(ratio < 1 ? 'gpu' : 'here')
          expect(reason.startsWith(on === 'gpu' ? 'the GPU, ' : 'the processor, ')).toBe(true)
        },
      ),
    )
    const times = { secondsPerRunStep: 1e-6, coreSecondsPerRunStep: 1e-4, seconds: 2 }
    expect(faster(times, 4).reason).toBe(
      'the GPU, by measured times of its steps: 2.0 s on the GPU, 50 s on 4 processors',
    )
  })

  it('is the processor where the GPU does not compute a sweep, with the reason, and later whatever the folder has', async () => {
    const folder = temporaryFolder()
    writeFileSync(join(folder, 'sweep.json'), JSON.stringify(sweep('float64')))
    const run = await runCommandLine(folder, 'sweep', 'run', 'sweep.json', '--out', 's', '--on', 'auto', '--slots', '1')
    expect(run).toMatchObject({
      code: 0,
      stderr: expect.stringMatching(
        /chosen: the processor; the GPU does not compute it: (precision: "float64"|WebGPU)/,
      ) as string,
      stdout: expect.stringMatching(/4 finished/) as string,
    })
    expect(openSweepFolder(join(folder, 's')).gpu).toBeNull()
    const again = await runCommandLine(folder, 'sweep', 'run', 's', '--on', 'auto')
    expect(again.stderr).toMatch(/chosen: the processor, which its folder is computed on/)
    const refused = await runCommandLine(folder, 'sweep', 'run', 's', '--on', 'auto', '--per-task', '2')
    expect(refused).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/--per-task: is not for --on auto/) as string,
    })
  })

  it.skipIf(!software.gpu)(
    `is what it says, measured, and stored where a GPU computes (${software.name})`,
    async () => {
      const folder = temporaryFolder()
      const input = JSON.stringify(sweep('float32'))
      const { outcome } = startCommandLine(folder, ['sweep', 'run', '-', '--out', 's', '--on', 'auto'], { input })
      const { code, stderr } = await outcome
      const [, chosen] =
        /^chosen: (the GPU|the processor), by measured times of its steps: .* on the GPU, .* on /m.exec(stderr)!
      const { gpu } = openSweepFolder(join(folder, 's'))
      expect([code, gpu === null]).toEqual([0, chosen === 'the processor'])

      await startCommandLine(folder, ['sweep', 'run', '-', '--out', 'g', '--on', 'gpu'], { input }).outcome
      const again = await runCommandLine(folder, 'sweep', 'run', 'g', '--on', 'auto')
      expect(again).toMatchObject({
        code: 0,
        stderr: expect.stringMatching(/chosen: the GPU, which its folder is computed on/) as string,
      })
    },
  )
})
