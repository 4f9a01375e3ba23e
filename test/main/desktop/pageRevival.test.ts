import { expect, it } from 'vitest'
import { createPageRevival } from '../../../src/main/desktop/pageRevival.ts'

/** What becomes of a page that lives for so many seconds, again and again; 0 is one that dies before it is there. */
function livesOf(...seconds: number[]): string[] {
  const done: string[] = []
  let now = 0
  const revival = createPageRevival({
    reload: () => done.push('reload'),
    giveUp: () => done.push('give up'),
    now: () => now,
  })
  for (const life of seconds) {
    if (life > 0) revival.loaded()
    now += 1000 * life
    revival.died()
  }
  return done
}

it('a page that dies while it is loaded, or soon after, is loaded three times more and no oftener', () => {
  for (const life of [0, 1]) expect(livesOf(life, life, life, life)).toEqual(['reload', 'reload', 'reload', 'give up'])
})

it('one that lived is counted anew, also after one that was given up', () => {
  expect(livesOf(0, 0, 0, 600, 0, 0, 0)).toEqual([...Array.from({ length: 6 }, () => 'reload'), 'give up'])
  expect(livesOf(0, 0, 0, 0, 600)).toEqual(['reload', 'reload', 'reload', 'give up', 'reload'])
})
