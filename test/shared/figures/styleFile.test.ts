import { describe, expect, it } from 'vitest'
import { createComposition, type Composition } from '../../../src/shared/figures/composition.ts'
import { inStyle, readStyle, toStyleFile } from '../../../src/shared/figures/styleFile.ts'

const figure: Composition = {
  ...createComposition('mine'),
  venue: 'icml',
  width: 'column',
  columns: 1,
  palette: 'viridis',
  letters: '(a)',
  colorBy: 'wd',
}
const read = (text: string) => readStyle(JSON.parse(text), 'style.json')

describe('a style as a file', () => {
  it('is that of the figure, and no more', () => {
    const style = read(toStyleFile(figure))
    expect(style).toMatchObject({ venue: 'icml', width: 'column', palette: 'viridis', letters: '(a)', colorBy: 'wd' })
    expect(toStyleFile(figure)).not.toContain('mine')
  })

  it('makes another figure look alike, which keeps what is its own', () => {
    const other = { ...createComposition('other'), caption: 'kept', share: 'both' as const, dashBy: 'seed' }
    const styled = inStyle(other, read(toStyleFile(figure)))
    expect(styled).toMatchObject({ id: other.id, name: 'other', caption: 'kept', palette: 'viridis', columns: 1 })
    expect('share' in styled || 'dashBy' in styled).toBe(false)
  })

  it.each([
    [{}, /form/],
    [{ venue: 'nips' }, /venue: "nips"/],
    [{ palette: 'rainbow' }, /palette: "rainbow".*okabeIto/],
    [{ columns: 0 }, /columns: 0/],
    [{ colour: 'red' }, /colour/],
    [{ width: '1 mm' }, /width/],
  ])('names what is wrong with %j', (change, problem) => {
    const whole = JSON.parse(toStyleFile(figure)) as object
    const wrong = Object.keys(change).length === 0 ? { ...whole, form: 'another' } : { ...whole, ...change }
    expect(() => readStyle(wrong, 'style.json')).toThrow(problem)
  })

  it.each([null, 7, [], 'text'])('refuses %j', (given) => {
    expect(() => readStyle(given, 'style.json')).toThrow('style.json')
  })
})
