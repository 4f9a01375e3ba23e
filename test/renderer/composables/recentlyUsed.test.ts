import { describe, expect, it } from 'vitest'
import { RecentlyUsed } from '../../../src/renderer/composables/recentlyUsed.ts'

describe('RecentlyUsed', () => {
  it('lets go of what was unused for longest once the weight is too much', () => {
    const cache = new RecentlyUsed<string>(3)
    for (const key of ['a', 'b', 'c']) cache.set(key, key)
    cache.get('a')
    cache.set('d', 'd')
    expect(['a', 'b', 'c', 'd'].filter((key) => cache.has(key))).toEqual(['a', 'c', 'd'])
  })

  it('never holds more than its capacity, unless one value alone is heavier', () => {
    const cache = new RecentlyUsed<number>(10)
    for (let k = 0; k < 100; k++) {
      cache.set(`${k % 17}`, k, 1 + (k % 5))
      expect(cache.weight).toBeLessThanOrEqual(10)
    }
    cache.set('heavy', 1, 50)
    expect(cache.get('heavy')).toBe(1)
    expect(cache.weight).toBe(50)
  })

  it('counts a replaced value once', () => {
    const cache = new RecentlyUsed<number>(10)
    cache.set('a', 1, 4)
    cache.set('a', 2, 6)
    expect([cache.weight, cache.get('a')]).toEqual([6, 2])
    cache.deleteWhere(() => true)
    expect([cache.weight, cache.get('a')]).toEqual([0, undefined])
  })
})
