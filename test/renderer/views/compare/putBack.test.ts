import { describe, expect, it } from 'vitest'
import { putBack } from '../../../../src/renderer/views/compare/putBack.ts'

describe('a run put back among those compared', () => {
  const before = ['a', 'b', 'c', 'd']

  it.each(before)('stands where %s stood', (id) => {
    const now = before.filter((other) => other !== id)
    expect(putBack(id, before, now)).toEqual(before)
  })

  it('leaves what else was changed in between', () => {
    expect(putBack('b', before, ['a', 'd', 'e'])).toEqual(['a', 'b', 'd', 'e'])
    expect(putBack('b', before, ['e'])).toEqual(['e', 'b'])
    expect(putBack('b', before, ['b', 'a'])).toEqual(['b', 'a'])
  })
})
