import { describe, expect, it } from 'vitest'
import { figureById } from '../../src/main/lab/papers/papers.ts'
import {
  figureIds,
  figuresNamed,
  nameOfFigure,
  paperOf,
  papers,
  presentFigure,
} from '../../src/shared/papers/papers.ts'

describe('a figure of a paper', () => {
  it.each(figureIds)('%s has both its halves under one id', (id) => {
    expect(figureById(id).id).toBe(id)
    expect(`${paperOf(id).id}/${nameOfFigure(id)}`).toBe(id)
  })

  it('is found by its id and by the name that it had while there was one paper', () => {
    expect(figuresNamed('musat2025/fig6')).toEqual(['musat2025/fig6'])
    expect(figuresNamed('fig6')).toEqual(['musat2025/fig6'])
    expect(presentFigure('fig6')).toBe('musat2025/fig6')
    expect(presentFigure('musat2025/fig6')).toBe('musat2025/fig6')
  })

  it('is one of those of its paper, and of all', () => {
    for (const { id } of papers) expect(figuresNamed(id).every((figure) => paperOf(figure).id === id)).toBe(true)
    expect(papers.flatMap(({ id }) => figuresNamed(id))).toEqual(figureIds)
    expect(figuresNamed('all')).toEqual(figureIds)
  })

  it.each(['', 'fig99', 'musat2025/', 'musat2025/fig99', 'musat', '/fig6', 'ALL', 'constructor'])(
    'is none in %j',
    (word) => {
      expect(figuresNamed(word)).toEqual([])
    },
  )
})
