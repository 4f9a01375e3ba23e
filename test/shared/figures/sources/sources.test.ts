import { describe, expect, it } from 'vitest'
import type { HostRequest } from '../../../../src/shared/contract.ts'
import { compositionSchema, createComposition } from '../../../../src/shared/figures/composition.ts'
import {
  loadPanel,
  nameOfSource,
  runsBehind,
  type PanelSource,
} from '../../../../src/shared/figures/sources/sources.ts'
import { usualPanels } from '../../../../src/shared/figures/usualPanels.ts'
import type { LinePanel } from '../../../../src/shared/panel.ts'
import { runSummary } from '../../../support/runSummary.ts'

const step = Float64Array.of(0, 10, 20)
const runs = [0, 1, 2].map((seed) => runSummary({ id: `run${seed}`, seed, name: `paper, figure 6, seed ${seed}` }))
const curveOf = (seed: number) => ({ step, tau: step, seconds: step, value: step.map((at) => at + seed) })

const answers = {
  'run.list': ({ runIds }: { runIds: string[] }) => ({ runs: runs.filter(({ id }) => runIds.includes(id)), total: 3 }),
  'run.curves': ({ runIds }: { runIds: string[] }) =>
    runIds.map((runId) => ({ runId, curves: { testMse: curveOf(Number(runId.slice(3))) } })),
  'run.show': () => ({ spec: null }),
  'paper.show': ({ figure }: { figure: string }) => ({
    figure,
    runs: [{ runId: 'run1' }, { runId: null }],
    panels: [{ kind: 'lines', id: 'accuracy', title: 'Accuracy', y: { label: 'share', scale: 'linear' } }],
  }),
} as Record<string, (input: never) => unknown>
const request = ((name: string, input: never) => Promise.resolve(answers[name]!(input))) as HostRequest

const source: PanelSource = {
  kind: 'runs',
  runIds: ['run2', 'run0'],
  measurement: 'testMse',
  axis: 'step',
  vertical: 'log',
  spread: 'runs',
}
const theory: PanelSource = {
  kind: 'theory',
  runIds: ['run2', 'run0'],
  reference: 'run1',
  picture: 'testMse',
  axis: 'tau',
}
const ofPaper = (panelId: string): PanelSource => ({ kind: 'paper', figure: 'musat2025/fig6', panelId })

describe('a panel of a figure', () => {
  it('has the curves of its runs in the order in which they are named, solid', async () => {
    const { series } = (await loadPanel(source, request)) as LinePanel
    expect(series.map(({ name, role }) => [name, role])).toEqual([
      ['seed 2', 'single'],
      ['seed 0', 'single'],
    ])
    expect([...series[0]!.y]).toEqual([2, 12, 22])
  })

  it('names a reference that is none of its runs, without listing these', async () => {
    await expect(loadPanel(theory, request)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      message: 'reference: "run1" is not among runIds; give one of those',
    })
  })

  it('has the center of a group between its bounds, and how many runs it is of', async () => {
    const { series } = (await loadPanel({ ...source, spread: 'deviation' }, request)) as LinePanel
    expect(series.map(({ name }) => name)).toEqual([
      'paper, figure 6, mean − std',
      'paper, figure 6, mean + std',
      'paper, figure 6, N = 2',
    ])
    expect([...series[2]!.y]).toEqual([1, 11, 21])
  })

  it('says which of its runs are gone', async () => {
    const gone = { ...source, runIds: ['run0', 'aaaa', 'bbbb'] }
    await expect(loadPanel(gone, request)).rejects.toThrow('2 runs are not in the archive: aaaa, bbbb')
    const many = Array.from({ length: 8 }, (_, place) => `gone${place}`)
    await expect(loadPanel({ ...source, runIds: many }, request)).rejects.toThrow(/gone4 and 3 more$/)
  })

  it('is refused where it names an archive by the id that a host gave it until it was closed', async () => {
    for (const read of [loadPanel, runsBehind]) {
      const asked: unknown[] = []
      const ask = ((...each: unknown[]) => asked.push(each)) as unknown as HostRequest
      await expect(read({ ...source, archive: 'archive-3' }, ask)).rejects.toThrow('"archive-3" names no file')
      expect(asked).toEqual([])
    }
    expect(await runsBehind({ ...source, archive: '/a.grokscope' }, request)).toMatchObject({ archive: '/a.grokscope' })
  })

  it('is one of those that a paper’s figure has', async () => {
    expect((await loadPanel(ofPaper('accuracy'), request)).title).toBe('Accuracy')
    await expect(loadPanel(ofPaper('loss'), request)).rejects.toThrow(
      'panel: musat2025/fig6 has no "loss"; one of accuracy',
    )
  })

  it('of a run has what the paper’s figure expects that is drawn from it, on the axis of the paper', async () => {
    const expectations = [{ label: 'expected', min: 0.5, max: 1 }]
    const ask = (async (name: string, input: never) => {
      const answer = await request(name as never, input)
      const panels = [{ kind: 'lines', id: 'test-mse', expectations }]
      if (name === 'paper.show') return { ...(answer as object), panels }
      const of = answer as { runs: object[] }
      return name === 'run.list'
        ? { ...of, runs: of.runs.map((run) => ({ ...run, figure: 'musat2025/fig6' })) }
        : answer
    }) as HostRequest
    const expected = async (runId: string, axis: 'step' | 'logStep', panel: 'testMse' | 'trainMse' = 'testMse') => {
      const of: PanelSource = { kind: 'runCurves', runIds: [runId], axis, panel, shown: 'both' }
      return ((await loadPanel(of, ask)) as LinePanel).expectations
    }
    expect(await expected('run1', 'step')).toEqual(expectations)
    expect(await expected('run1', 'step', 'trainMse')).toEqual([])
    expect(await expected('run1', 'logStep')).toEqual([])
    expect(await expected('run0', 'step')).toEqual([])
  })

  it('knows its name and the runs behind it', async () => {
    expect([nameOfSource(source, null), nameOfSource(ofPaper('accuracy'), null)]).toEqual(['test error', 'accuracy'])
    expect(await runsBehind(source, request)).toEqual({ runIds: ['run2', 'run0'] })
    expect(await runsBehind(ofPaper('accuracy'), request)).toEqual({ runIds: ['run1'] })
  })
})

describe('a figure as data', () => {
  const figure = { ...createComposition('mine'), panels: [{ id: 'p', source }] }

  it('is what its schema has', () => {
    expect(compositionSchema.parse(figure)).toEqual(figure)
  })

  it.each([
    ['venue', { ...figure, venue: 'nips' }],
    ['aspect', { ...figure, aspect: 0 }],
    ['panels.0.source.kind', { ...figure, panels: [{ id: 'p', source: { ...source, kind: 'movie' } }] }],
    ['panels.0.source.measurement', { ...figure, panels: [{ id: 'p', source: { ...source, measurement: 'luck' } }] }],
  ])('names what is wrong with its %s', (path, wrong) => {
    const { error } = compositionSchema.safeParse(wrong)
    expect(error!.issues.map((issue) => issue.path.join('.'))).toEqual([path])
  })

  it('of runs begins with what tells most of them', async () => {
    const panels = await usualPanels({ runIds: ['run0'] }, request)
    expect(panels.map(({ measurement, axis }) => [measurement, axis])).toEqual([
      ['testAccuracy', 'tau'],
      ['firstLayerNormSquared', 'tau'],
    ])
  })
})
