import { effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { usePanels } from '../../../../src/renderer/views/figures/usePanels.ts'
import type { RequestName, Responses } from '../../../../src/shared/contract.ts'
import type { MapLook } from '../../../../src/shared/map/mapLook.ts'
import type { PanelChoice } from '../../../../src/shared/figures/composition.ts'
import type { PanelSource } from '../../../../src/shared/figures/sources/sources.ts'
import { host } from '../../../support/fakeLab.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

beforeEach(() => {
  vi.useFakeTimers()
  vi.stubGlobal('window', globalThis)
  vi.stubGlobal('document', { visibilityState: 'visible' })
  host.forget()
})
const scopes: EffectScope[] = []
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop()
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const axes = { x: 'dynamics.weightDecay', y: 'dynamics.learningRate' }
const look = { ...axes, color: 'phase', statistic: 'median', at: [] } satisfies MapLook
const mapOf = (...runIds: string[]): PanelSource => ({ ...look, kind: 'runMap', runIds })
const mapOfSweep: PanelSource = { ...look, kind: 'sweepMap', sweep: 's' }
const ofPaper: PanelSource = { kind: 'paper', figure: 'musat2025/fig6', panelId: 'p' }

/** A figure of panels from some sources. */
function figureOf(...sources: PanelSource[]) {
  const choicesOf = (all: readonly PanelSource[]) =>
    all.map((source, place): PanelChoice => ({ id: `${place}`, source }))
  const choices = shallowRef(choicesOf(sources))
  const scope = effectScope()
  scopes.push(scope)
  const { panels, failures, waiting } = scope.run(() => usePanels(() => choices.value))!
  return {
    show: async (...next: PanelSource[]) => {
      choices.value = choicesOf(next)
      await nextTick()
    },
    titles: () => panels.value.map((panel) => panel?.title ?? null),
    failures: () => [...failures.value.values()],
    waiting: () => waiting.value,
    leave: () => scope.stop(),
  }
}
const panelOf = (title: string) => [{ title }] as Responses['run.map']
const asked = (name: RequestName) => host.requested(name).length
const answer = async <Name extends RequestName>(name: Name, data: Responses[Name]) => {
  host.last(name).answer(data)
  await vi.advanceTimersByTimeAsync(0)
}
/** Longer than what goes on waits to be read again. */
const rest = () => vi.advanceTimersByTimeAsync(10_000)
const touch = (...runIds: string[]) => host.emit('runs.touched', { runIds })

describe('the panels of a figure', () => {
  it('are read anew when they come back, for their runs may have gone on or begun', async () => {
    const { show, titles, failures } = figureOf(mapOf('a'), mapOf('b'))
    host.requested('run.map')[0]!.answer(panelOf('a by noon'))
    host.requested('run.map')[1]!.refuse(new Error('b has no snapshots yet'))
    await vi.advanceTimersByTimeAsync(0)
    expect([titles(), failures()]).toEqual([['a by noon', null], ['b has no snapshots yet']])
    await show(mapOf('c'))
    await answer('run.map', panelOf('c'))
    touch('a', 'b')
    await rest()
    expect(asked('run.map')).toBe(3)
    await show(mapOf('a'), mapOf('b'), mapOf('c'))
    expect([titles(), failures(), asked('run.map')]).toEqual([[null, null, 'c'], [], 5])
    host.requested('run.map')[3]!.answer(panelOf('a by night'))
    await answer('run.map', panelOf('b'))
    expect(titles()).toEqual(['a by night', 'b', 'c'])
  })

  it('that come back while they are still being read are read once more', async () => {
    const { show, titles, waiting } = figureOf(mapOf('a'))
    await show()
    touch('a')
    await show(mapOf('a'))
    await answer('run.map', panelOf('a by noon'))
    expect([asked('run.map'), waiting()]).toEqual([2, []])
    await answer('run.map', panelOf('a by night'))
    expect(titles()).toEqual(['a by night'])
  })

  it('of another archive are read again when any is opened or closed, as it may be another file; those of one’s own are not', async () => {
    const path = '/other.grokscope'
    const { titles, failures } = figureOf(mapOf('a'), { ...look, kind: 'runMap', runIds: ['a'], archive: path })
    const closed = new Error(`there is no open archive "${path}"`)
    host.requested('run.map')[0]!.answer(panelOf('own'))
    host.requested('run.map')[1]!.refuse(closed)
    await vi.advanceTimersByTimeAsync(0)
    expect([titles(), failures()]).toEqual([['own', null], [closed.message]])
    host.emit('archive.changed', [{ id: 'archive-1', path, runs: 1, failure: null }])
    await rest()
    expect([asked('run.map'), host.last('run.map').input.archive]).toEqual([3, path])
    await answer('run.map', panelOf('other'))
    expect([titles(), failures()]).toEqual([['own', 'other'], []])
    host.emit('archive.changed', [])
    await rest()
    host.last('run.map').refuse(closed)
    await vi.advanceTimersByTimeAsync(0)
    expect([titles(), failures(), asked('run.map')]).toEqual([['own', null], [closed.message], 4])
  })

  it('that are there no longer leave nothing behind, also where they were being read', async () => {
    const { show, titles } = figureOf(mapOf('a'))
    await show()
    await answer('run.map', panelOf('a'))
    await show(mapOf('a'))
    expect([titles(), asked('run.map')]).toEqual([[null], 2])
  })

  it('are read again when their runs go on, and no others, also where that was while they were first read', async () => {
    const { titles } = figureOf(mapOf('a'), mapOf('b'))
    host.requested('run.map')[1]!.answer(panelOf('b'))
    await vi.advanceTimersByTimeAsync(0)
    touch('a')
    await rest()
    host.requested('run.map')[0]!.answer(panelOf('a, early'))
    await vi.advanceTimersByTimeAsync(0)
    expect(asked('run.map')).toBe(3)
    await answer('run.map', panelOf('a'))
    expect(titles()).toEqual(['a', 'b'])
    touch('b')
    await rest()
    expect(host.last('run.map').input).toMatchObject({ runIds: ['b'] })
    touch('c')
    await rest()
    expect(asked('run.map')).toBe(4)
  })

  it('of figures of papers are read again when the runs of one are others', async () => {
    const { titles } = figureOf(ofPaper)
    const shown = (title: string, runId: string) => {
      const result = { panels: [{ id: 'p', title }], runs: [{ runId }] } as unknown as Responses['paper.show']
      for (const { answer: tell } of host.requested('paper.show').slice(-2)) tell(result)
      return vi.advanceTimersByTimeAsync(0)
    }
    await shown('of 1 run', 'a')
    touch('b')
    await rest()
    expect([titles(), asked('paper.show')]).toEqual([['of 1 run'], 2])
    host.emit('paper.changed', { figure: 'musat2025/fig6' })
    await rest()
    expect(asked('paper.show')).toBe(4)
    await shown('of 2 runs', 'b')
    expect(titles()).toEqual(['of 2 runs'])
  })

  it.each(['told', 'found'])('of sweeps are read again when more is %s of these', async (how) => {
    const { titles, leave } = figureOf(mapOfSweep)
    let revision = 0
    const told = new Set<unknown>()
    /** Answers all that is asked about how far the sweep is, and what is asked for a panel. */
    const tell = async () => {
      const once = <Name extends RequestName>(name: Name, data: () => unknown) => {
        for (const each of host.requested(name).filter((one) => !told.has(one))) {
          told.add(each)
          each.answer(data() as Responses[Name])
        }
      }
      for (let turn = 0; turn < 4; turn++) {
        once('sweep.show', () => ({ collected: 0, unfinished: 0 }))
        once('sweep.runs', () => ({ revision, runs: [], added: [] }))
        once('sweep.map', () => panelOf(`${revision} runs`))
        await vi.advanceTimersByTimeAsync(0)
      }
    }
    const later = async () => {
      for (let turn = 0; turn < 10; turn++) {
        await vi.advanceTimersByTimeAsync(1000)
        await tell()
      }
    }
    await tell()
    expect(titles()).toEqual(['0 runs'])
    await later()
    expect(asked('sweep.map')).toBe(1)
    if (how === 'told') vi.stubGlobal('document', { visibilityState: 'hidden' })
    revision = 7
    if (how === 'told') host.emit('sweep.changed', { sweep: 's', isComputing: true })
    await later()
    expect([titles(), asked('sweep.map')]).toEqual([['7 runs'], 2])
    leave()
    const events = ['sweep.changed', 'paper.changed', 'runs.touched', 'run.removed', 'archive.changed'] as const
    expect(events.filter((name) => host.listening(name) > 0)).toEqual([])
  })
})
