import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { valueOfLine } from '../../../src/shared/charts/axisWords.ts'
import { layOutParallel } from '../../../src/shared/charts/parallelLayout.ts'
import { linesWithin } from '../../../src/shared/charts/linesWithin.ts'
import { printFace } from '../../../src/shared/charts/textWidth.ts'
import { compareRuns } from '../../../src/shared/curves/comparison.ts'
import { groupingsOf, groupRuns } from '../../../src/shared/curves/groupRuns.ts'
import { parallelPanel, withRanges } from '../../../src/shared/curves/parallelPanel.ts'
import { differingFields } from '../../../src/shared/curves/differingFields.ts'
import { formatLabel } from '../../../src/shared/formatting/formatNumber.ts'
import { valueOnAxis } from '../../../src/shared/map/mapAxis.ts'
import { findQuantity } from '../../../src/shared/map/mapQuantity.ts'
import { panelData } from '../../../src/shared/panelData.ts'
import type { RunSummary } from '../../../src/shared/run.ts'
import { valueWords } from '../../../src/shared/specification/fieldWords.ts'
import type { Facets } from '../../../src/shared/specification/facets.ts'
import { facetsOfFigure6, runSummary } from '../../support/runSummary.ts'

const [width, optimizer, decay] = ['network.hidden', 'dynamics.optimizer.kind', 'dynamics.weightDecay'] as const
const size = { width: 800, height: 400 }
const around = { top: 4, left: 12, right: 12 }

interface Given {
  hidden: number
  kind: string
  wd: number | null
  grok: number | null
  fails: boolean
}

function runsOf(given: readonly Given[]): RunSummary[] {
  return given.map(({ hidden, kind, wd, grok, fails }, seed) =>
    runSummary({
      id: `run${seed}`,
      name: `学習率 ${kind}, seed ${seed}`,
      seed,
      ...(fails ? ({ status: 'failed', code: 'DIVERGED', step: 10 } as const) : {}),
      facets: {
        ...{ ...facetsOfFigure6, [width]: hidden },
        ...({ [optimizer]: kind, ...(wd === null ? {} : { [decay]: wd }) } as Partial<Facets>),
      },
      events: grok === null ? {} : { generalized: { step: grok, tau: grok / 1000, value: 1 } },
      latest: { testAccuracy: 0.5 },
    }),
  )
}

function panelOf(runs: readonly RunSummary[], quantities = ['testAccuracy', 't_grok'], groupBy = 'none') {
  const grouping = groupingsOf(runs).find(({ id }) => id === groupBy)!
  const groups = groupRuns(compareRuns(runs, undefined).runs, grouping)
  return parallelPanel(groups, differingFields(runs), quantities.map(findQuantity))
}

const plain: Given = { hidden: 64, kind: 'adamw', wd: 0.1, grok: 1000, fails: false }
const anyRuns = fc.array(
  fc.record<Given>({
    hidden: fc.integer({ min: 1, max: 4096 }),
    kind: fc.constantFrom('adamw', 'momentum', '余弦'),
    wd: fc.option(fc.double({ min: 1e-6, max: 10, noNaN: true })),
    grok: fc.option(fc.integer({ min: 0, max: 5000 })),
    fails: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
)

describe('parallel coordinates of runs', () => {
  it('have each run at its value of every field and number, at a height that the axis reads as that', () => {
    fc.assert(
      fc.property(anyRuns, (given) => {
        const runs = runsOf(given)
        const panel = panelOf(runs)
        const { axes, heights, area } = layOutParallel(panel, size, printFace(11), around)
        runs.forEach((run, line) => {
          panel.axes.forEach(({ axis, values }, k) => {
            const height = heights[line * axes.length + k]!
            const field = differingFields(runs)[k]
            const reading = field === undefined ? findQuantity(axis.column!).read(run) : null
            const value = field === undefined ? reading?.value : valueOnAxis(run, field)
            if (value === undefined || value === Infinity) return expect([values[line], height]).toEqual([NaN, NaN])
            expect(height).toBeGreaterThanOrEqual(area.top - 1e-6)
            expect(height).toBeLessThanOrEqual(area.bottom + 1e-6)
            const read = axes[k]!.scale.invert(height)
            const named = typeof value === 'number' ? formatLabel(value) : valueWords(value, axis.column!)
            if (axis.ticks) expect(axis.ticks[Math.round(read)]!.label).toBe(named)
            else expect(Math.abs(read - Number(value))).toBeLessThanOrEqual(1e-6 * Math.max(1, Math.abs(Number(value))))
          })
        })
      }),
    )
  })

  it('keep exactly the runs that are in all ranges, whatever the order of these', () => {
    const anyRange = fc.tuple(
      fc.double({ min: 0, max: 5000, noNaN: true }),
      fc.double({ min: 0, max: 5000, noNaN: true }),
    )
    const anyRanges = fc.dictionary(fc.constantFrom(width, 't_grok', decay, 'no such axis'), anyRange)
    fc.assert(
      fc.property(anyRuns, anyRanges, (given, chosen) => {
        const whole = panelOf(runsOf(given))
        const ranges = Object.fromEntries(
          Object.entries(chosen).map(([name, [a, b]]) => [name, [Math.min(a, b), Math.max(a, b)] as const]),
        )
        const panel = withRanges(whole, ranges)
        const kept = linesWithin(panel)
        const expected = given.map((_, line) =>
          whole.axes.every(({ axis, values }) => {
            const range = ranges[axis.column!]
            return !range || (values[line]! >= range[0] && values[line]! <= range[1])
          }),
        )
        expect(kept).toEqual(expected)
        const isRanged = panel.axes.some(({ range }) => range)
        if (isRanged) expect(panel.caption).toContain(`${kept.filter(Boolean).length} of ${given.length} runs in range`)
        expect(panelData(panel)['inRange']).toEqual(isRanged ? kept.map(String) : undefined)
        // Taken away again, nothing of them is left.
        expect(withRanges(panel, {})).toEqual(whole)
      }),
    )
  })

  it('end where an event did not come as a bound and never as its value; what diverged before has none and is counted', () => {
    const runs = runsOf([
      plain,
      { ...plain, hidden: 128, grok: null },
      { ...plain, hidden: 256, grok: null, fails: true },
    ])
    const { axes, caption, ...panel } = panelOf(runs, ['t_grok'])
    const last = axes.at(-1)!
    expect([...last.values]).toEqual([1000, 5000, NaN])
    expect(last.isBeyond).toEqual([false, true, false])
    expect(caption).toMatch(/^1 run ends before the last axis/)
    const data = panelData({ ...panel, axes, caption })
    expect(data['t_grokState']).toEqual(['at', 'later than', ''])
    expect(data['network.hidden']).toEqual(Float64Array.of(64, 128, 256))
  })

  it('have a place of its own for runs that have not the field', () => {
    const runs = runsOf([plain, { ...plain, wd: 1 }, { ...plain, wd: null }])
    const [axis] = panelOf(runs).axes
    expect(axis!.axis.ticks!.map(({ label }) => label)).toEqual(['0.1', '1', '–'])
    expect([...axis!.values]).toEqual([0, 1, 2])
    expect(panelData(panelOf(runs))[decay]).toEqual(['0.1', '1', '–'])
  })

  it('say choices in words, and have in their table what was chosen', () => {
    const runs = runsOf([plain, { ...plain, kind: 'momentum' }, { ...plain, kind: 'gradientDescent' }, plain])
    const panel = panelOf(runs, ['t_grok'], 'optimizer')
    const [axis] = panel.axes
    expect(axis!.axis.ticks!.map(({ label }) => label)).toEqual(['AdamW', 'momentum', 'gradient descent'])
    expect(valueOfLine(axis!, 3)).toBe('gradient descent')
    expect(panel.groups.map(({ label }) => label)).toEqual(['AdamW', 'momentum', 'gradient descent'])
    const data = panelData(panel)
    const chosen = ['adamw', 'adamw', 'momentum', 'gradientDescent']
    expect([data[optimizer], data['group']]).toEqual([chosen, chosen])
  })

  it('are an axis of what is measured for a single run, and for runs that are equal in everything', () => {
    for (const given of [[plain], [plain, plain, plain]]) {
      const panel = panelOf(runsOf(given))
      expect(panel.axes.map(({ axis }) => axis.column)).toEqual(['testAccuracy', 't_grok'])
      const { axes, heights } = layOutParallel(panel, size, printFace(11), around)
      expect(new Set(heights).size).toBeLessThanOrEqual(2)
      for (const { ticks } of axes) expect(ticks.major.length).toBeGreaterThanOrEqual(2)
    }
  })

  it('have a color for each group, and a line for each of two thousand runs by its own name', () => {
    const many = Array.from({ length: 2000 }, (_, k): Given => ({
      ...plain,
      hidden: 1 + (k % 7),
      kind: ['adamw', '余弦'][k % 2]!,
      wd: 10 ** -(k % 5),
      grok: 1 + ((k * 7919) % 5000),
    }))
    const panel = panelOf(runsOf(many), ['t_grok'], 'd_h')
    expect(panel.groups.map(({ color }) => color)).toEqual([0, 1, 2, 3, 4, 5, 0])
    expect(panel.groupOf).toHaveLength(2000)
    const data = panelData(panel)
    expect(new Set(data['run'] as readonly string[]).size).toBe(2000)
    expect(String(data['run']![0])).toContain('学習率')
    data['group']!.forEach((group, line) => expect(group).toBe(`d_h = ${data['network.hidden']![line]}`))
  })
})
