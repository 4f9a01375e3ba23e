import { expect, it, vi } from 'vitest'
import { runSummary } from '../../../support/runSummary.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))
const { runMenu } = await import('../../../../src/renderer/views/runs/runMenu.ts')

it.each([undefined, 'archive-1'])(
  'a run is compared with what is selected, and alone where nothing else is (%s)',
  (archive) => {
    const compared: string[][] = []
    const compareAmong = (...selected: string[]) => {
      const [compare] = runMenu(runSummary({ id: 'a' }), {
        ...{ archive, selected, isNewer: false, open() {}, copy() {}, ask() {} },
        compare: (runIds) => compared.push(runIds),
      }).flatMap((item) => (item?.label.startsWith('Compare') ? [item] : []))
      compare!.run()
      return compare!.label
    }
    expect(compareAmong()).toBe('Compare')
    expect(compareAmong('a')).toBe('Compare')
    expect(compareAmong('b', 'a', 'c')).toBe('Compare with 2 selected')
    expect(compared).toEqual([['a'], ['a'], ['a', 'b', 'c']])
  },
)
