import { describe, expect, it } from 'vitest'
import { restoreAtFormerPlace } from '../../../../src/renderer/views/compare/restoreAtFormerPlace.ts'

describe('a run put back among those compared', () => {
  const before = ['a', 'b', 'c', 'd']

  it.each(before)('stands where %s stood', (id) => {
    const now = before.filter((other) => other !== id)
    expect(restoreAtFormerPlace(id, before, now)).toEqual(before)
  })

  it('leaves what else was changed in between', () => {
    expect(restoreAtFormerPlace('b', before, ['a', 'd', 'e'])).toEqual(['a', 'b', 'd', 'e'])
    expect(restoreAtFormerPlace('b', before, ['e'])).toEqual(['e', 'b'])
    expect(restoreAtFormerPlace('b', before, ['b', 'a'])).toEqual(['b', 'a'])
  })
})
