import { computed, nextTick, shallowRef } from 'vue'
import { describe, expect, it } from 'vitest'
import { arrangeRuns } from '../../../../src/renderer/views/runs/arrangeRuns.ts'
import { runColumns } from '../../../../src/renderer/views/runs/runColumns.ts'
import { useSelection } from '../../../../src/renderer/views/runs/useSelection.ts'
import type { RunSummary } from '../../../../src/shared/run.ts'
import { runSummary } from '../../../support/runSummary.ts'

const column = runColumns.find(({ id }) => id === 'testAccuracy') ?? runColumns[0]!
const run = (id: string, testAccuracy: number) =>
  runSummary({ id, latest: { testAccuracy }, experimentId: id < 'm' ? 'one' : 'two' })

/** A table of single runs by accuracy, the best first, and what is chosen in it. */
function table(...given: RunSummary[]) {
  const runs = shallowRef<readonly RunSummary[]>(given)
  const lines = computed(() => arrangeRuns(runs.value, 'none', { column, descending: true }, new Set()))
  const selection = useSelection(
    lines,
    computed(() => runs.value),
  )
  const lineOf = (id: string) => lines.value.find((line) => line.kind === 'run' && line.run.id === id)!
  const chosen = () => [...selection.chosen.value].sort().join('')
  const here = () => {
    const line = lines.value[selection.cursor.value]
    return line?.kind === 'run' ? line.run.id : undefined
  }
  const become = async (...next: RunSummary[]) => {
    runs.value = next
    await nextTick()
  }
  return { runs, lines, selection, lineOf, chosen, here, become }
}

describe('the line the keyboard stands on', () => {
  it('is the same run when others arrive or overtake it', async () => {
    const { selection, here, lineOf, become } = table(run('a', 0.9), run('b', 0.5), run('c', 0.1))
    selection.stand(lineOf('b'))
    const stood = selection.here.value
    await become(run('new', 1), run('a', 0.9), run('b', 0.5), run('c', 0.8))
    expect([here(), selection.cursor.value]).toEqual(['b', 3])
    expect(selection.here.value, 'nothing moved by hand, so nothing is scrolled to').toBe(stood)
    selection.move(-1)
    expect(here()).toBe('c')
  })

  it('is the one in its place where its run is gone, and none where nothing is left', async () => {
    const { selection, here, lineOf, become } = table(run('a', 0.9), run('b', 0.5), run('c', 0.1))
    selection.stand(lineOf('b'))
    await become(run('a', 0.9), run('c', 0.1))
    expect(here()).toBe('c')
    await become(run('a', 0.9))
    expect(here()).toBe('a')
    await become()
    expect([here(), selection.here.value]).toEqual([undefined, null])
  })
})

describe('what is chosen', () => {
  it('is what the line showed when it was pressed, wherever that stands by now', async () => {
    const { selection, chosen, lineOf, become } = table(run('a', 0.9), run('b', 0.5))
    const pressed = lineOf('b')
    await become(run('b', 0.95), run('a', 0.9))
    selection.toggle(pressed)
    expect(chosen()).toBe('b')
    selection.toggle(lineOf('b'))
    expect(chosen()).toBe('')
  })

  it('reaches from the line pressed before to this one, as they stand now', async () => {
    const { selection, chosen, lineOf, become } = table(run('a', 0.9), run('b', 0.5), run('c', 0.3), run('d', 0.1))
    selection.toggle(lineOf('b'))
    await become(run('a', 0.9), run('b', 0.2), run('c', 0.3), run('d', 0.1))
    selection.toggle(lineOf('d'), true)
    expect(chosen()).toBe('bd')
    await become(run('a', 0.9), run('c', 0.3))
    selection.toggle(lineOf('a'), true)
    expect(chosen()).toBe('abd')
  })

  it('of a group is every run that it shows, whether it is unfolded or not', () => {
    const runs = [run('a', 1), run('b', 1), run('x', 1)]
    for (const folded of [new Set<string>(), new Set(['one'])]) {
      const lines = shallowRef(arrangeRuns(runs, 'experiment', { column, descending: true }, folded))
      const selection = useSelection(
        lines,
        computed(() => runs),
      )
      selection.toggle(lines.value.find((line) => line.kind === 'group' && line.key === 'one')!)
      expect(selection.selected.value.map(({ id }) => id)).toEqual(['a', 'b'])
    }
  })
})
