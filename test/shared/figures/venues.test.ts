import { describe, expect, it } from 'vitest'
import { parseLength } from '../../../src/shared/figures/parseLength.ts'
import { createSheet, problemOfWidth, widthOf } from '../../../src/shared/figures/sheet.ts'
import { describeVenue, findVenue, venues } from '../../../src/shared/figures/venues.ts'

const texPoints = (venue: string, width: string) => widthOf({ ...createSheet(1), venue, width }) * 72.27

describe('venues', () => {
  it('are those that papers of the field are sent to, each under a name of its own', () => {
    const ids = venues.map(({ id }) => id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const id of [
      'neurips',
      'icml',
      'iclr',
      'colm',
      'jmlr',
      'tmlr',
      'ieee',
      'acm',
      'nature',
      'pnas',
      'aps',
      'beamer',
    ])
      expect(ids).toContain(id)
  })

  it('have the widths of their style files', () => {
    expect(texPoints('ieee', 'column')).toBeCloseTo(21 * 12, 6)
    expect(texPoints('ieee', 'full')).toBeCloseTo(43 * 12, 6)
    expect(texPoints('aps', 'column')).toBeCloseTo(246, 6)
    expect(texPoints('aps', 'full')).toBeCloseTo(510, 6)
    expect(texPoints('icml', 'full') - 2 * texPoints('icml', 'column')).toBeCloseTo(0.25 * 72.27, 6)
  })

  it('say where their sizes are from and of which year, and which were not verified', () => {
    for (const venue of venues) {
      const words = describeVenue(venue)
      expect(words).toContain(String(venue.year))
      expect(words.includes('not verified')).toBe(!venue.isRead)
    }
    expect(describeVenue(findVenue('nature'))).toMatch(
      /not verified: the journal’s guide to artwork 2024 could not be read/,
    )
  })
})

describe('a width', () => {
  it.each([
    ['85mm', 85 / 25.4],
    ['8.5 cm', 85 / 25.4],
    ['3.3in', 3.3],
    [' 246pt ', 246 / 72.27],
  ])('may be a length: %s', (text, inches) => {
    expect(parseLength(text)).toBeCloseTo(inches, 9)
    expect(widthOf({ ...createSheet(1), width: text })).toBeCloseTo(inches, 9)
    expect(problemOfWidth({ venue: 'ieee', width: text })).toBeNull()
  })

  it.each(['1mm', '2000 mm'])('is refused with its limits: %s', (width) => {
    expect(problemOfWidth({ venue: 'ieee', width })).toBe('a width from 1 in (25.4 mm) to 40 in (1016 mm)')
  })

  it.each(['wide', '85', '85px', '-3in', 'half'])('is refused with the names of the venue: %s', (width) => {
    expect(problemOfWidth({ venue: 'ieee', width })).toBe(
      'IEEE has column (one column), full (both columns); or a length in in, mm, cm or pt, such as 85mm',
    )
  })
})
