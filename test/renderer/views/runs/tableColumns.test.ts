import { describe, expect, it } from 'vitest'
import { tableColumns } from '../../../../src/renderer/views/runs/tableColumns.ts'
import { runColumns } from '../../../../src/shared/query/runColumns.ts'

describe('the columns of the table of runs', () => {
  it('are all that lists can be sorted by, each once', () => {
    const ids = (columns: readonly { id: string }[]) => columns.map(({ id }) => id).sort()
    expect(ids(tableColumns)).toEqual(ids(runColumns))
  })

  it('begin with what became of a run, and have the texts of any length last', () => {
    const shown = tableColumns.filter(({ shown }) => shown).map(({ id }) => id)
    expect(shown.slice(0, 7)).toEqual([
      'name',
      'status',
      'curve',
      'testAccuracy',
      'generalizedStep',
      'generalizedTau',
      'seconds',
    ])
    expect(shown.at(-1)).toBe('tags')
  })
})
