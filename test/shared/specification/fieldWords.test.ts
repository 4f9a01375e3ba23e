import { expect, it } from 'vitest'
import { fieldWords } from '../../../src/shared/specification/fieldWords.ts'

it('what stands within a list goes by its field, a number by its list, numbered where one has to be', () => {
  const of = (path: string) => fieldWords(path)?.label
  const list = of('task.start')!
  expect([of('task.start.0'), of('task.start.1')]).toEqual([`${list} (1)`, `${list} (2)`])
  expect(of('record.snapshots.3')).toBe(`${of('record.snapshots')} (4)`)
  const norm = of('interventions.0.norm')!
  expect(of('interventions.2.norm')).toBe(`${norm} (3)`)
  expect(fieldWords('nothing.0')).toBeUndefined()
})
