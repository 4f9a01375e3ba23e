import PDFDocument from 'pdfkit'
import type { SvgNode } from '../../../shared/figures/svgNode.ts'
import { printable } from '../../../shared/printable.ts'
import { version } from '../../../shared/version.ts'
import { familyOf, type Drawing, type PrintedFigure } from './drawing.ts'
import { layOutWords } from './layOutWords.ts'
import type { FaceChoice, PrintFont } from './printFonts.ts'

type Element = Exclude<SvgNode, string>
type Attributes = Element['attributes']

interface Context {
  document: PDFKit.PDFDocument
  /** What is named by an id. */
  named: ReadonlyMap<string, Element>
  family: FaceChoice['family']
  /** What the groups around it say for all that is in them. */
  look: Attributes
  /** How large a unit is drawn. */
  scale: number
  onMissing: (letter: string) => void
}

/**
 * The drawing as a page of PDF 1.7 in its size: lines as lines, heatmaps as one raster each, words as words in subsets of
 * TrueType faces, so that they can be searched and copied.
 */
export async function figurePdf({ root, width, height }: Drawing, title: string): Promise<PrintedFigure> {
  const document = new PDFDocument({
    size: [width, height],
    margin: 0,
    pdfVersion: '1.7',
    // None of the faces that every reader was to have: journals ask for fonts that are embedded.
    font: null as unknown as string,
    info: { Title: printable(title), Creator: `Grokscope ${version}` },
  })
  const parts: Buffer[] = []
  const whole = new Promise<Buffer>((resolve, reject) => {
    document.on('data', (part: Buffer) => parts.push(part))
    document.on('end', () => resolve(Buffer.concat(parts)))
    document.on('error', reject)
  })
  const family = familyOf(root)
  const missing = new Set<string>()
  draw(root, { document, named: namedIn(root), family, look: {}, scale: 1, onMissing: (letter) => missing.add(letter) })
  document.end()
  return { bytes: await whole, missing: [...missing] }
}

function namedIn(node: SvgNode, named = new Map<string, Element>()): Map<string, Element> {
  if (typeof node === 'string') return named
  if (node.attributes.id !== undefined) named.set(String(node.attributes.id), node)
  for (const child of node.children) namedIn(child, named)
  return named
}

function draw(node: SvgNode, context: Context): void {
  if (typeof node === 'string') return
  const { document } = context
  const { tag, attributes, children } = node
  const at = (name: string) => Number(attributes[name] ?? 0)
  const look = { ...context.look, ...attributes }
  switch (tag) {
    case 'clipPath':
    case 'linearGradient':
      return
    case 'text':
      return drawWords(node, context)
    case 'image': {
      const picture = Buffer.from(String(attributes.href).split(',')[1]!, 'base64')
      document.image(picture, at('x'), at('y'), { width: at('width'), height: at('height') })
      return
    }
    case 'rect':
      return paint(look, context, () => document.rect(at('x'), at('y'), at('width'), at('height')))
    case 'circle':
      return paint(look, context, () => document.circle(at('cx'), at('cy'), at('r')))
    case 'line':
      return paint(look, context, () => document.moveTo(at('x1'), at('y1')).lineTo(at('x2'), at('y2')))
    case 'path':
      return paint(look, context, () => document.path(String(attributes.d)))
    default:
      document.save()
      clip(attributes, context)
      const scale = context.scale * transform(attributes, document)
      for (const child of children) draw(child, { ...context, scale, look })
      document.restore()
  }
}

function clip(attributes: Attributes, { document, named }: Context): void {
  const rect = references(attributes['clip-path'], named)?.children[0]
  if (typeof rect !== 'object') return
  const { x, y, width, height } = rect.attributes
  document.rect(Number(x), Number(y), Number(width), Number(height)).clip()
}

/** Applies `translate(x y) scale(s)`, as the drawings have it; answers with s. */
function transform({ transform: given }: Attributes, document: PDFKit.PDFDocument): number {
  const found = /^translate\((\S+) (\S+)\) scale\((\S+)\)$/.exec(String(given ?? ''))
  if (!found) return 1
  const [x, y, scale] = found.slice(1).map(Number) as [number, number, number]
  document.translate(x, y).scale(scale)
  return scale
}

function references(value: string | number | undefined, named: Context['named']): Element | undefined {
  const [, id] = /^url\(#(.+)\)$/.exec(String(value ?? '')) ?? []
  return id === undefined ? undefined : named.get(id)
}

function paint(attributes: Attributes, context: Context, outline: () => unknown): void {
  const { document, scale } = context
  const isPainted = (value: string | number | undefined) => value !== undefined && value !== 'none'
  const isFilled = isPainted(attributes.fill)
  const isStroked = isPainted(attributes.stroke)
  document.save()
  if (isFilled) document.fillColor(fillOf(attributes, context), Number(attributes['fill-opacity'] ?? 1))
  if (isStroked) {
    const unit = attributes['vector-effect'] === 'non-scaling-stroke' ? 1 / scale : 1
    document.strokeColor(String(attributes.stroke), Number(attributes['stroke-opacity'] ?? 1))
    document.lineWidth(Number(attributes['stroke-width'] ?? 1) * unit)
    if (attributes['stroke-linejoin'] === 'round') document.lineJoin('round')
    const dashes = String(attributes['stroke-dasharray'] ?? '')
      .split(' ')
      .filter(Boolean)
    if (dashes.length > 0) document.dash(dashes.map((length) => Number(length) * unit) as unknown as number, {})
  }
  outline()
  if (isFilled && isStroked) document.fillAndStroke()
  else if (isFilled) document.fill()
  else if (isStroked) document.stroke()
  document.restore()
}

/** A color, or that of a gradient across the rectangle that it fills. */
function fillOf(attributes: Attributes, { document, named }: Context): PDFKit.Mixins.ColorValue {
  const gradient = references(attributes.fill, named)
  if (!gradient) return String(attributes.fill)
  const [x, y, width, height] = ['x', 'y', 'width', 'height'].map((name) => Number(attributes[name])) as [
    number,
    number,
    number,
    number,
  ]
  const { x1, y1, x2, y2 } = gradient.attributes
  const made = document.linearGradient(
    x + width * Number(x1),
    y + height * Number(y1),
    x + width * Number(x2),
    y + height * Number(y2),
  )
  for (const stop of gradient.children as Element[]) {
    made.stop(Number(stop.attributes.offset), String(stop.attributes['stop-color']))
  }
  return made
}

/** Words on one line. */
function drawWords(node: Element, { document, family, onMissing }: Context): void {
  const { attributes } = node
  const runs = layOutWords(node, family, onMissing)
  const write = (options: PDFKit.Mixins.TextOptions) => {
    for (const { text, font, size, x, y } of runs) {
      use(font, document).fontSize(size)
      // Without features it would lay out word by word, from the left also what is read from the right.
      document.text(text, x, y, { lineBreak: false, baseline: 'alphabetic', features: [], ...options })
    }
  }
  document.save()
  if (attributes.stroke !== undefined) {
    document.strokeColor(String(attributes.stroke)).lineWidth(Number(attributes['stroke-width'])).lineJoin('round')
    write({ stroke: true, fill: false })
  }
  document.fillColor(String(attributes.fill))
  write({ fill: true })
  document.restore()
}

const registered = new WeakMap<PDFKit.PDFDocument, Set<string>>()

/** A document takes a face by the path of its file once it has it. */
function use({ path, file, face }: PrintFont, document: PDFKit.PDFDocument): PDFKit.PDFDocument {
  const paths = registered.get(document) ?? new Set()
  registered.set(document, paths)
  if (!paths.has(path)) document.registerFont(path, file, face)
  paths.add(path)
  return document.font(path)
}
