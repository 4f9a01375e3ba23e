import { describe, expect, it } from 'vitest'
import { runLabels } from '../../../src/shared/curves/runLabels.ts'

const run = (experiment: string, seed: number, name = `${experiment}, seed ${seed}`) => ({ experiment, seed, name })

describe('labels of runs', () => {
  it('are the seeds within one experiment', () => {
    expect(runLabels([run('paper, figure 6', 0), run('paper, figure 6', 3)])).toEqual({
      title: 'paper, figure 6',
      labels: ['seed 0', 'seed 3'],
    })
  })

  it('leave out what all names begin with, at the end of a part', () => {
    expect(runLabels([run('Theory: training', 0), run('Theory: tangent flow', 0)])).toEqual({
      title: 'Theory',
      labels: ['training', 'tangent flow'],
    })
  })

  it('leave out the parts that all names share, wherever they stand', () => {
    const runs = [run('Isolated, p = 23', 0), run('Isolated, Heun, p = 23', 0), run('Ridge 0.01, p = 23', 0)]
    expect(runLabels(runs)).toEqual({ title: 'p = 23', labels: ['Isolated', 'Isolated, Heun', 'Ridge 0.01'] })
  })

  it('name both where experiments and seeds differ', () => {
    const { labels } = runLabels([run('Euler', 0), run('Euler', 1), run('Heun', 0)])
    expect(labels).toEqual(['Euler, seed 0', 'Euler, seed 1', 'Heun'])
  })

  it('say from which step a branch started, where names and seeds are those of other runs that started elsewhere', () => {
    const branch = (parentStep: number) => ({ ...run('grok', 0), parentRunId: 'p', parentStep })
    const labels = (...runs: Parameters<typeof runLabels>[0]) => runLabels(runs).labels
    expect(labels(run('grok', 0), branch(84), branch(316))).toEqual([
      'seed 0',
      'seed 0, from step 84',
      'seed 0, from step 316',
    ])
    expect(labels(branch(84), branch(84))).toEqual(['seed 0', 'seed 0 (2)'])
    expect(labels(run('a', 0), { ...branch(84), name: 'b, seed 0' })).toEqual(['a', 'b'])
  })

  it('are all different, whatever the names', () => {
    const { labels } = runLabels([run('a', 1), run('a', 1), run('a', 1, 'mine'), run('b', 1), run('b', 1)])
    expect(new Set(labels).size).toBe(5)
  })
})
