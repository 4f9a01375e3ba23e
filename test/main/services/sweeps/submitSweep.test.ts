import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { submitSweep } from '../../../../src/main/services/sweeps/slurm/submitSweep.ts'
import { prepareSweepFolder, type SweepFolder } from '../../../../src/main/sweep/sweepFolder.ts'
import { listProblems, problemPath } from '../../../../src/main/sweep/sweepJournals.ts'
import { planSweep } from '../../../../src/main/sweep/sweepPlan.ts'
import { temporaryFolder } from '../../../support/folders.ts'

afterEach(() => {
  vi.unstubAllEnvs()
})

/** A sweep of 3 tasks of 2 runs, none of which could be computed, where Slurm takes so many arrays. */
async function uncomputed(accepted: number): Promise<SweepFolder> {
  const base = {
    task: { kind: 'modularAddition', modulus: 5, trainFraction: 0.7 },
    network: { hidden: 4 },
    dynamics: { kind: 'training', learningRate: 0.01, weightDecay: 0.1, steps: 20 },
  }
  const plan = planSweep({ base, axes: [{ field: 'dynamics.weightDecay', values: [1, 2, 3] }], seeds: 2 })
  const folder = temporaryFolder()
  const sweep = await prepareSweepFolder(join(folder, 'sweep'), { ...plan, perTask: 2 }, [])
  mkdirSync(join(sweep.path, 'problems'))
  for (const key of sweep.keys) writeFileSync(problemPath(sweep, key), 'out of memory\n')
  const commands = {
    squeue: 'true',
    sbatch: `echo x >> "${folder}/asked"; [ $(wc -l < "${folder}/asked") -le ${accepted} ] || { echo full >&2; exit 1; }; echo 17`,
  }
  mkdirSync(join(folder, 'bin'))
  for (const [name, lines] of Object.entries(commands)) {
    writeFileSync(join(folder, 'bin', name), `#!/bin/bash\n${lines}\n`, { mode: 0o755 })
  }
  vi.stubEnv('PATH', `${join(folder, 'bin')}:${process.env['PATH']}`)
  return sweep
}

describe.skipIf(process.platform === 'win32')('why runs could not be computed', () => {
  it.each([0, 1, 3])('is told until Slurm has taken their tasks: %s of 3', async (accepted) => {
    const sweep = await uncomputed(accepted)
    const folder = { script: '', arrays: [], commands: [], arraySize: 1, remarks: [] }
    const submission = await submitSweep(sweep, { node: 'node' }, folder)
    expect(submission.jobs).toEqual(Array(accepted).fill({ job: '17', tasks: 1 }))
    expect(submission.left).toBe(3 - accepted)
    expect(listProblems(sweep).sort()).toEqual(sweep.keys.slice(2 * accepted).sort())
  })

  it('stays where nothing is asked of Slurm, as it could not be', async () => {
    const sweep = await uncomputed(3)
    const folder = { script: '', arrays: [], commands: [], arraySize: 1, remarks: [] }
    await expect(submitSweep(sweep, { node: 'node', atOnce: 1 }, folder)).rejects.toThrow(
      /^--at-once: 1 is not allowed/,
    )
    expect(listProblems(sweep)).toHaveLength(6)
  })
})
