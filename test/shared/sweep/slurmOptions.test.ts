import { describe, expect, it } from 'vitest'
import { parseSlurmOptions, slurmSeconds } from '../../../src/shared/sweep/slurmOptions.ts'

describe('the options of Slurm', () => {
  it.each([
    ['90', 5400],
    ['1:30', 90],
    ['2:00:30', 7230],
    ['1-12', 129_600],
    ['1-0:30', 88_200],
    ['1-02:03:04', 93_784],
    ['', undefined],
    ['soon', undefined],
    ['1.5', undefined],
    ['-1', undefined],
    ['1:2:3:4', undefined],
    ['1-', undefined],
  ])('take a time as sbatch does: %s', (text, seconds) => {
    expect(slurmSeconds(text)).toBe(seconds)
  })

  it.each([
    [{ time: '2 hours' }, /^--time: "2 hours" is not allowed: a time of at least a minute is "minutes"/],
    [{ time: '0' }, /^--time: "0" is not allowed/],
    [{ mem: '1.5G' }, /^--mem: "1.5G" is not allowed: .* such as 500M/],
    [{ partition: 'a b' }, /^--partition: "a b" is not allowed: a name without spaces/],
    [{ partition: 'x\n#SBATCH --uid=0' }, /^--partition/],
    [{ account: '#' }, /^--account: "#" is not allowed/],
    [{ sbatch: ['gres=gpu:1'] }, /^--sbatch.0: "gres=gpu:1" is not allowed: options of sbatch as one line/],
    [{ sbatch: ['--gres=gpu:1\nrm -r x'] }, /^--sbatch.0: .* U\+000A/],
    [{ sbatch: ['--qos=long -J mine'] }, /-J is what the sweep itself says to sbatch/],
    [{ sbatch: ['--array=0-9'] }, /--array is what the sweep itself says/],
    [{ setup: 'module load x\u001b[2J' }, /^--setup: .* U\+001B/],
    [{ prefix: 'a\nb' }, /^--prefix: .* U\+000A/],
    [{ threads: 65 }, /^--threads: 65 is too large; allowed: at most 64/],
    [{ atOnce: 0 }, /^--atOnce: 0 is too small/],
    [{ node: 'x' }, /^--node: unknown field/],
  ])('are refused by name, value and what is allowed: %j', (given, says) => {
    expect(() => parseSlurmOptions(given)).toThrow(says)
  })

  it('are taken', () => {
    const given = {
      partition: 'short,long',
      account: 'proj_1',
      time: '1-12:00:00',
      mem: '2g',
      sbatch: ['--constraint=avx2 --nice=100', '-q long'],
      setup: 'module purge\nmodule load nodejs/24',
      prefix: "apptainer exec --bind '$PWD' image.sif",
      atOnce: 10,
      threads: 2,
      stopAfterFailures: 1,
    }
    expect(parseSlurmOptions(given)).toEqual(given)
  })
})
