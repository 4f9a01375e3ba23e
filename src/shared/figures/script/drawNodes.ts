import type { SvgNode } from '../svgNode.ts'
import { call, type PythonValue } from './python.ts'

type Element = Exclude<SvgNode, string>

interface Place {
  x: number
  y: number
  scale: number
}

/** What is drawn around the axes, as calls of the functions that a script begins with; positions in points of the figure. */
export function drawNodes(nodes: readonly SvgNode[], at: Place = { x: 0, y: 0, scale: 1 }): string[] {
  return nodes.flatMap((node) => (typeof node === 'string' ? [] : drawNode(node, at)))
}

function drawNode(node: Element, at: Place): string[] {
  const { tag, attributes, children } = node
  const number = (name: string) => Number(attributes[name] ?? 0)
  const x = (name: string) => rounded(at.x + number(name) * at.scale)
  const y = (name: string) => rounded(at.y + number(name) * at.scale)
  switch (tag) {
    case 'clipPath':
    case 'linearGradient':
      return []
    case 'text':
      return [drawWords(node, at)]
    case 'line':
      return [
        call(
          'line',
          [
            [x('x1'), x('x2')],
            [y('y1'), y('y2')],
          ],
          penOf(attributes),
        ),
      ]
    case 'rect': {
      const size = [rounded(number('width') * at.scale), rounded(number('height') * at.scale)]
      return [call('rectangle', [x('x'), y('y'), ...size], fillOf(attributes))]
    }
    case 'circle': {
      const look = attributes.fill === 'none' ? { fill: null, ...penOf(attributes) } : fillOf(attributes)
      return [call('circle', [x('cx'), y('cy'), rounded(number('r') * at.scale)], look)]
    }
    case 'path': {
      const isFilled = attributes.fill !== undefined && attributes.fill !== 'none'
      return piecesOf(String(attributes.d), at).map(([xs, ys]) =>
        isFilled ? call('polygon', [xs, ys], fillOf(attributes)) : call('line', [xs, ys], penOf(attributes)),
      )
    }
    default:
      return drawNodes(children, moved(at, attributes.transform))
  }
}

/** Words as matplotlib sets them: symbols, raised and lowered letters as its mathematics. */
function drawWords({ attributes, children }: Element, at: Place): string {
  let height = 0
  const size = Number(attributes['font-size'])
  const words = (children as Element[]).map((span) => {
    height += Number(span.attributes.dy ?? 0)
    return wordsOf(span.children.join(''), {
      italic: span.attributes['font-style'] === 'italic',
      level: height > 0.01 * size ? '_' : height < -0.01 * size ? '^' : '',
    })
  })
  const anchor = String(attributes['text-anchor'] ?? 'start')
  const place = [rounded(at.x + Number(attributes.x) * at.scale), rounded(at.y + Number(attributes.y) * at.scale)]
  return call('words', [...place, words.join('').replaceAll(/(?<!\\)\$\$/g, '')], {
    size,
    color: String(attributes.fill),
    ha: { start: undefined, middle: 'center', end: 'right' }[anchor],
    weight: attributes['font-weight'] === 'bold' ? 'bold' : undefined,
    halo: attributes.stroke === undefined ? undefined : Number(attributes['stroke-width']),
  })
}

function wordsOf(text: string, { italic, level }: { italic: boolean; level: '' | '_' | '^' }): string {
  if (!italic && level === '') return text.replaceAll('$', '\\$')
  const escaped = text.replaceAll(/[\\{}_^%$#&~]/g, '\\$&').replaceAll(' ', '\\ ')
  const set = italic ? `\\mathit{${escaped}}` : `\\mathdefault{${escaped}}`
  return `$${level === '' ? set : `${level}{${set}}`}$`
}

function penOf(attributes: Element['attributes']): Record<string, PythonValue | undefined> {
  const dashes = attributes['stroke-dasharray']
  return {
    color: String(attributes.stroke ?? attributes.fill),
    width: attributes['stroke-width'] === undefined ? undefined : Number(attributes['stroke-width']),
    dashes: dashes === undefined ? undefined : String(dashes).split(' ').map(Number),
  }
}

function fillOf(attributes: Element['attributes']): Record<string, PythonValue | undefined> {
  return {
    fill: String(attributes.fill),
    alpha: attributes['fill-opacity'] === undefined ? undefined : Number(attributes['fill-opacity']),
  }
}

function moved(at: Place, transform: string | number | undefined): Place {
  const found = /^translate\((\S+) (\S+)\) scale\((\S+)\)$/.exec(String(transform ?? ''))
  if (!found) return at
  const [x, y, scale] = found.slice(1).map(Number) as [number, number, number]
  return { x: at.x + x * at.scale, y: at.y + y * at.scale, scale: at.scale * scale }
}

/** Lines between the corners of a path of `M`, `L`, `h` and `v`, as drawings have it, each of its pieces alone. */
function piecesOf(d: string, at: Place): [number[], number[]][] {
  const pieces: [number[], number[]][] = []
  let [x, y] = [0, 0]
  for (const [, command, values] of d.matchAll(/([MLhv])([^MLhvZ]*)/g)) {
    const [first, second] = values!.trim().split(/\s+/).map(Number) as [number, number]
    if (command === 'h') x += first
    else if (command === 'v') y += first
    else [x, y] = [first, second]
    if (command === 'M') pieces.push([[], []])
    pieces.at(-1)![0].push(rounded(at.x + x * at.scale))
    pieces.at(-1)![1].push(rounded(at.y + y * at.scale))
  }
  return pieces
}

export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000
}
