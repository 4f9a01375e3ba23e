import { expect, it } from 'vitest'
import { joinNotes } from '../../../src/main/store/joinNotes.ts'

it('notes are replaced by what was written from them', () => {
  expect(joinNotes('one', 'one', 'two')).toBe('two')
  expect(joinNotes('one', 'one', '')).toBe('')
})

it('what somebody else has written meanwhile stays above, once, and no empty lines for what is empty', () => {
  expect(joinNotes('theirs', 'one', 'mine')).toBe('theirs\n\nmine')
  expect(joinNotes('mine', 'one', 'mine')).toBe('mine')
  expect(joinNotes(' \n', 'one', 'mine')).toBe('mine')
  expect(joinNotes('theirs', 'one', '')).toBe('theirs')
})
