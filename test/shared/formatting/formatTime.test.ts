import { expect, it } from 'vitest'
import { formatClock, formatDuration } from '../../../src/shared/formatting/formatTime.ts'

it.each([
  [0.01, 'under 0.1 s'],
  [5.5, '5.5 s'],
  [37.4, '37 s'],
  [66, '1:06'],
  [59.7, '1:00'],
  [7425, '2:03:45'],
  [273600, '3 d 4 h'],
])('formatDuration(%d) is %s', (seconds, text) => expect(formatDuration(seconds)).toBe(text))

it.each([
  [0, '0:00'],
  [28.9, '0:28'],
  [66, '1:06'],
])('formatClock(%d) is %s', (seconds, text) => expect(formatClock(seconds)).toBe(text))
