import { computed, effectScope, nextTick, shallowRef, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useToasts } from '../../../../src/renderer/composables/useToasts.ts'
import { keepByHand, useSelection } from '../../../../src/renderer/views/runs/useSelection.ts'
import { useTablePages, type TableQuestion } from '../../../../src/renderer/views/runs/useTablePages.ts'
import type { TableLine } from '../../../../src/shared/query/runTable.ts'
import type { RunSummary } from '../../../../src/shared/run.ts'
import { FakeTable } from '../../../support/fakeTable.ts'
import { runSummary } from '../../../support/runSummary.ts'

const host = vi.hoisted(() => ({
  answer: (() => undefined) as (name: string, input: never) => unknown,
  held: null as Promise<unknown> | null,
  listeners: new Map<string, (data: unknown) => void>(),
}))
vi.mock('../../../../src/renderer/lab.ts', async () => ({
  generation: (await import('vue')).shallowRef(0),
  request: async (name: string, input: unknown) => {
    const answer = host.answer(name, input as never)
    await host.held
    return answer
  },
  on: (name: string, listener: (data: unknown) => void) => {
    host.listeners.set(name, listener)
    return () => host.listeners.delete(name)
  },
}))

const run = (id: string) => runSummary({ id, experimentId: id < 'm' ? 'one' : 'two' })
const plain: TableQuestion['table'] = {
  shelf: 'library',
  terms: [],
  grouping: 'none',
  sort: { by: 'name', descending: false },
  folded: [],
}

describe('in a table of runs', () => {
  let scope: EffectScope
  const table = new FakeTable([])
  const question = shallowRef<TableQuestion>({ table: plain, columns: [] })

  /** A table of runs in this order, and what is chosen in it. */
  async function show(...ids: string[]) {
    table.runs = ids.map(run)
    const { selection, answer } = scope.run(() => {
      const kept = keepByHand()
      const pages = useTablePages(question, kept)
      const lineAt = (place: number) => pages.page.value?.page[place - pages.page.value.from]
      return { ...pages, selection: useSelection(kept, { question, answer: pages.answer, lineAt }) }
    })!
    await settle()
    const lines = computed(() => answer.value!.page.page)
    const lineOf = (id: string): TableLine =>
      lines.value.find((line) => (line.kind === 'run' ? line.run.id : line.key) === id)!
    const here = () => {
      const line = lines.value[selection.cursor.value - answer.value!.page.from]
      return line && (line.kind === 'run' ? line.run.id : line.key)
    }
    return {
      selection,
      lineOf,
      here,
      chosen: () => [...selection.chosen.value].sort().join(''),
      selected: () => [...selection.selected.value].sort().join(''),
      /** The runs as they are from now on. */
      async become(...next: (string | RunSummary)[]) {
        table.runs = next.map((each) => (typeof each === 'string' ? run(each) : each))
        host.listeners.get('runs.touched')!({ runIds: null })
        await settle()
      },
      async ask(next: Partial<TableQuestion['table']>) {
        question.value = { ...question.value, table: { ...question.value.table, ...next } }
        await settle()
      },
    }
  }
  const settle = async () => {
    await nextTick()
    await vi.advanceTimersByTimeAsync(1_000)
  }

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('window', globalThis)
    host.held = null
    host.answer = (name, input) => (name === 'run.table' ? table.table(input) : table.ids(input))
    question.value = { table: plain, columns: [] }
    scope = effectScope()
  })
  afterEach(() => {
    scope.stop()
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  describe('the line the keyboard stands on', () => {
    it('is the same run when others arrive or overtake it, and nothing is scrolled to', async () => {
      const { selection, here, lineOf, become } = await show('a', 'b', 'c')
      selection.stand(lineOf('b'))
      const stood = selection.moved.value
      await become('x', 'a', 'c', 'b')
      expect([here(), selection.cursor.value]).toEqual(['b', 3])
      expect(selection.moved.value).toBe(stood)
      selection.move(-1)
      expect(here()).toBe('c')
      expect(selection.moved.value).not.toBe(stood)
    })

    it('is the one in its place where its run is gone, and none where nothing is left', async () => {
      const { selection, here, lineOf, become } = await show('a', 'b', 'c')
      selection.stand(lineOf('b'))
      await become('a', 'c')
      expect(here()).toBe('c')
      await become('a')
      expect(here()).toBe('a')
      await become()
      expect(here()).toBeUndefined()
    })

    it('may be one that is not on the page yet, and is followed from then on', async () => {
      const many = Array.from({ length: 5_000 }, (_, place) => `r${place}`)
      const { selection, become } = await show(...many)
      selection.move(1)
      for (let turn = 0; turn < 100; turn++) selection.move(20)
      expect(selection.cursor.value).toBe(2_000)
      await become('new', ...many)
      expect(selection.cursor.value, 'what it shows is not known yet').toBe(2_000)
    })
  })

  describe('what is chosen', () => {
    it('is what the line showed when it was pressed, wherever that stands by now', async () => {
      const { selection, chosen, lineOf, become } = await show('a', 'b')
      const pressed = lineOf('b')
      await become('b', 'a')
      await selection.toggle(pressed)
      expect(chosen()).toBe('b')
      await selection.toggle(lineOf('b'))
      expect(chosen()).toBe('')
    })

    it('reaches from the line pressed before to this one, as they stand now', async () => {
      const { selection, chosen, lineOf, become } = await show('a', 'b', 'c', 'd')
      await selection.toggle(lineOf('b'))
      await become('a', 'c', 'b', 'd')
      await selection.toggle(lineOf('d'), true)
      expect(chosen()).toBe('bd')
      await become('a', 'c')
      await selection.toggle(lineOf('a'), true)
      expect(chosen(), 'from a line that is gone it reaches nowhere').toBe('abd')
    })

    it('of a group is every run that it shows, whether it is unfolded or not', async () => {
      for (const folded of [[], ['one']]) {
        question.value = { table: { ...plain, grouping: 'experiment', folded }, columns: ['name'] }
        const { selection, selected, lineOf } = await show('a', 'b', 'x')
        await selection.toggle(lineOf('one'))
        expect(selected()).toBe('ab')
        expect(['one', 'two'].map((key) => selection.stateOf(lineOf(key)))).toEqual(['all', 'none'])
        await selection.toggle(lineOf('one'))
        expect([selected(), selection.stateOf(lineOf('one'))]).toEqual(['', 'none'])
      }
    })

    it('shows in the marks of groups at once, in whatever grouping', async () => {
      const { selection, lineOf, ask } = await show('a', 'b', 'x')
      await selection.toggle(lineOf('a'))
      await ask({ grouping: 'experiment' })
      expect(['one', 'two'].map((key) => selection.stateOf(lineOf(key)))).toEqual(['some', 'none'])
      await selection.toggle(lineOf('b'))
      expect(selection.stateOf(lineOf('one'))).toBe('all')
    })

    it('is not acted upon while a filter hides it, and still is chosen afterwards', async () => {
      const { selection, chosen, selected, ask } = await show('a', 'b', 'x')
      await selection.toggleAll()
      expect([selected(), selection.state.value]).toEqual(['abx', 'all'])
      await ask({ terms: ['b'] })
      expect([selected(), selection.state.value]).toEqual(['ax', 'all'])
      await selection.toggleAll()
      expect([selected(), chosen()]).toEqual(['', 'b'])
      await ask({ terms: [] })
      expect([selected(), selection.state.value]).toEqual(['b', 'some'])
    })

    it('while the answer to another filter is on its way is not taken for found by it', async () => {
      const { selection, selected, lineOf, ask } = await show('a', 'b', 'x')
      const [a, b] = [lineOf('a'), lineOf('b')]
      await selection.toggle(a)
      let release = () => {}
      host.held = new Promise<void>((resolve) => (release = resolve))
      await ask({ terms: ['b'] })
      host.held = null
      await selection.toggle(b)
      expect(selected(), 'as it is shown').toBe('ab')
      release()
      await settle()
      expect(selected()).toBe('a')
    })

    it('is of the table that is looked at when the answer comes, and of no other shelf', async () => {
      const { selection, chosen, ask } = await show('a', 'b', 'x')
      let release = () => {}
      host.held = new Promise<void>((resolve) => (release = resolve))
      const requested = selection.toggleAll()
      await nextTick()
      host.held = null
      await ask({ terms: ['b'] })
      release()
      await requested
      expect(chosen()).toBe('ax')
      selection.clear()
      host.held = new Promise<void>((resolve) => (release = resolve))
      const again = selection.toggleAll()
      await nextTick()
      host.held = null
      await ask({ shelf: 'bin' })
      release()
      await again
      expect(chosen()).toBe('')
    })

    it('goes with the runs that are gone', async () => {
      const { selection, selected, become } = await show('a', 'b', 'x')
      await selection.toggleAll()
      await become('a', 'new')
      expect([selected(), selection.state.value]).toEqual(['a', 'some'])
    })

    it('is no more than one request may name, and why is told', async () => {
      const { toasts } = useToasts(() => false)
      const { selection } = await show()
      host.answer = () => {
        const runIds = Array.from({ length: 20_001 }, (_, place) => String(place))
        return { runIds, groups: runIds.map(() => '') }
      }
      await selection.toggleAll()
      expect(selection.chosen.value.size).toBe(0)
      expect(toasts.value.at(-1)).toMatchObject({ kind: 'failed', text: expect.stringContaining('20001') as string })
    })
  })
})
