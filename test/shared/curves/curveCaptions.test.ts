import { describe, expect, it } from 'vitest'
import { captionOf, whyUnmeasured } from '../../../src/shared/curves/curveCaptions.ts'
import { CurveBuffer } from '../../../src/shared/curves/curveBuffer.ts'
import { measurementPanel } from '../../../src/shared/curves/curvePanels.ts'
import { otherPanel, panelOfRun, pathPanel } from '../../../src/shared/curves/geometryPanels.ts'
import { normsPanel } from '../../../src/shared/curves/normsPanel.ts'
import { curvesTabPanel } from '../../../src/shared/curves/curvesTabPanels.ts'
import { lineMargins } from '../../../src/shared/charts/plotArea.ts'
import { layOutLines } from '../../../src/shared/charts/lineLayout.ts'
import { toRunSpec } from '../../../src/shared/experiment.ts'
import { parseExperiment } from '../../../src/shared/parseExperiment.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import { facetsOf } from '../../../src/shared/specification/facets.ts'
import { runSummary } from '../../support/runSummary.ts'

const specOf = (changes: object, record: object = {}) =>
  toRunSpec(
    parseExperiment({
      task: { kind: 'modularAddition', modulus: 11, trainFraction: 0.7 },
      network: { hidden: 128 },
      dynamics: { kind: 'training', learningRate: 1, weightDecay: 1e-3, steps: 1000, ...changes },
      record,
      seeds: [0],
    }),
    0,
  )

it('a chart of several seeds says how many of them agree to the bit, whose mean says nothing of how seeds differ', () => {
  const runs = [0, 1, 2].map((seed) =>
    runSummary({ seed, specificationHash: `s${seed}`, resultHash: 'r', facets: facetsOf(specOf({})), trainPairs: 46 }),
  )
  const captionFor = (of: readonly RunSummary[]) => captionOf('accuracy', of[0]!, { runs: of, shown: 'both' })
  expect(captionFor(runs)).toMatch(/; 3 seeds and their mean; 3 runs, of which 2 repeat others; /)
  const apart = runs.map((run) => ({ ...run, resultHash: `r${run.seed}` }))
  expect(captionFor(apart)).not.toContain('repeat')
})

describe('where there is nothing to draw', () => {
  const words = (
    run: Partial<RunSummary>,
    spec = specOf({}),
    name: Parameters<typeof whyUnmeasured>[1] = 'distanceToZeroLoss',
  ) => whyUnmeasured(runSummary({ facets: facetsOf(spec), ...run }), name, spec)

  it('the geometry of a run says what became of it', () => {
    expect(words({ status: 'queued', step: -1 })).toMatch(/has not started/)
    expect(words({ status: 'running', step: 0 })).toBe('Nothing is measured yet.')
    expect(words({})).toMatch(/did not record it; record.geometry/)
    const requested = specOf({}, { geometry: { every: 100 } })
    expect(words({ status: 'running', step: 50 }, requested)).toBe('Nothing of it yet: it is measured every 100 steps.')
    expect(words({ status: 'cancelled', step: 50 }, requested)).toMatch(
      /every 100 steps, but the run did not get that far/,
    )
    expect(words({}, specOf({ loss: 'crossEntropy' }))).toMatch(/that of the squared error/)
  })

  it('what was not looked ahead for says so', () => {
    expect(words({}, specOf({}), 'chatteringShare')).toMatch(/did not record it; record.chattering/)
    const requested = specOf({ loss: 'crossEntropy' }, { chattering: { every: 200 } })
    expect(words({ status: 'running', step: 50 }, requested, 'chatteringShare')).toMatch(/measured every 200 steps/)
  })

  it('says by which dynamics a measurement is not made', () => {
    expect(words({}, specOf({}), 'ridgeObjective')).toBe('Gradient descent on the squared error does not measure it.')
  })

  it('a chart of curves says whether its runs have begun, and of what is measured that it is being read', () => {
    const nothing = (status: RunSummary['status'], step: number) => {
      const runs = [runSummary({ status, step, facets: facetsOf(specOf({})) })]
      const panel = curvesTabPanel(
        'testMse',
        { runs, curves: new Map(), axis: 'step', shown: 'both', end: null },
        runs[0]!,
      )
      return layOutLines(panel, { size: { width: 400, height: 300 }, margins: lineMargins }).nothing
    }
    expect(nothing('queued', -1)).toBe('waits for its turn: nothing measured yet')
    expect(nothing('running', 0)).toBe('nothing measured yet')
    expect(nothing('running', 10)).toBe('the curves are being read')
    expect(nothing('finished', 5000)).toBe('the curves are being read')
  })

  it('a chart of a run that has ended and was read says that the run does not measure it', () => {
    const nothing = (status: RunSummary['status']) => {
      const runs = [runSummary({ status, step: 10, facets: facetsOf(specOf({})) })]
      const curves = new Map(runs.map(({ id }) => [id, new CurveBuffer([])]))
      const group = { runs, curves, axis: 'step', shown: 'both', end: null } as const
      const panels = [
        measurementPanel(group, 'testMse', { caption: '' }),
        normsPanel(group, ''),
        pathPanel(group, ''),
        panelOfRun(group, ['testMse'], otherPanel('testMse')),
      ]
      return panels.map(
        (panel) => layOutLines(panel, { size: { width: 400, height: 300 }, margins: lineMargins }).nothing,
      )
    }
    expect(nothing('finished')).toEqual(new Array(4).fill('not measured by this run'))
    expect(nothing('running')).toEqual(new Array(4).fill('nothing measured yet'))
  })
})
