import { textWidth } from '../../src/shared/charts/textWidth.ts'

/** Each text of a drawing with the room it takes by the widths of letters. */
export function textsOf(markup: string) {
  return [...markup.matchAll(/<text ([^>]*)>(.*?)<\/text>/g)].map(([, attributes, inside]) => {
    const of = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes!)?.[1]
    const entities = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&amp;': '&' } as const
    const words = inside!
      .replaceAll(/<[^>]*>/g, '')
      .replaceAll(/&(lt|gt|quot|amp);/g, (entity) => entities[entity as keyof typeof entities])
    const [at, size, anchor] = [Number(of('x')), Number(of('font-size')), of('text-anchor') ?? 'start']
    const width = textWidth(words, size)
    const left = at - (anchor === 'end' ? width : anchor === 'middle' ? width / 2 : 0)
    return { words, size, anchor, left, right: left + width, baseline: Number(of('y')) }
  })
}
