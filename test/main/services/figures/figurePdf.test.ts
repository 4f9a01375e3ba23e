import { spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { figurePdf } from '../../../../src/main/services/figures/figurePdf.ts'
import { describeMissingLetters } from '../../../../src/shared/figures/missingLetters.ts'
import { drawFigure } from '../../../../src/shared/figures/drawFigure.ts'
import { createSheet } from '../../../../src/shared/figures/sheet.ts'
import { element, type SvgNode } from '../../../../src/shared/figures/svgNode.ts'
import type { HeatmapPanel, LinePanel, Panel } from '../../../../src/shared/panel.ts'
import { temporaryFolder } from '../../../support/folders.ts'

const hasPoppler = spawnSync('pdffonts', ['-v']).error === undefined
const hasQpdf = spawnSync('qpdf', ['--version']).error === undefined
if (!hasPoppler) process.stderr.write('No PDF is read: poppler-utils is not here\n')
if (!hasQpdf) process.stderr.write('No PDF is checked: qpdf is not here\n')

function curves(count: number, points: number): LinePanel {
  const x = Float64Array.from({ length: points }, (_, k) => k)
  const series = Array.from({ length: count }, (_, color) => {
    const y = x.map((step) => Math.tanh(step / (1000 * (color + 1))) + 0.05 * Math.sin(step * (color + 1)))
    return { name: `seed ${color}`, role: 'single' as const, color, x, y }
  })
  return {
    kind: 'lines',
    id: 'curves',
    title: '$θ$ and λ, ‖E‖², τ_grok, Müller',
    caption: '',
    x: { label: 'decay time', symbol: 'τ', scale: 'linear', min: 0, max: points },
    y: { label: 'accuracy', scale: 'linear' },
    series,
    levels: [{ at: 0.5, label: 'half ≥ 1/2' }],
  } as LinePanel
}

const matrix: HeatmapPanel = {
  kind: 'heatmap',
  id: 'matrix',
  title: 'First layer, ∇⊙',
  caption: '',
  x: { label: 'unit', scale: 'linear' },
  y: { label: 'token', scale: 'linear' },
  matrix: { rows: 9, columns: 12, data: Float64Array.from({ length: 108 }, (_, k) => (((7 * k) % 23) - 11) / 11) },
  rowLabels: { token: Int32Array.from({ length: 9 }, (_, token) => token) },
  columnLabels: { unit: Int32Array.from({ length: 12 }, (_, unit) => unit) },
  value: 'weight',
  colors: 'diverging',
  range: [-1, 1],
  valueLabel: 'weight',
}

const venues = ['neurips', 'ieee'] as const

async function printed(panels: readonly Panel[], venue: string = 'neurips', title = 'Figure 1') {
  const drawing = drawFigure({ ...createSheet(2), venue }, panels, { titled: true })
  const pdf = await figurePdf(drawing, title)
  const path = join(temporaryFolder(), 'figure.pdf')
  writeFileSync(path, pdf.bytes)
  return { ...pdf, drawing, read: (tool: string, ...options: string[]) => output(tool, [...options, path]) }
}

function output(tool: string, given: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(tool, tool === 'pdftotext' ? [...given, '-'] : given, {
    encoding: 'utf8',
  })
  expect([tool, status, stderr]).toEqual([tool, 0, ''])
  return stdout
}

describe.skipIf(!hasPoppler)('a figure as PDF', () => {
  it.each(venues)(
    'for %s has its size, its words as words, and no font but TrueType that is embedded',
    async (venue) => {
      const { drawing, missing, read } = await printed([curves(3, 3000), matrix], venue)
      const { width, height } = drawing
      const [, pageWidth, pageHeight] = /Page size: +([\d.]+) x ([\d.]+) pts/.exec(read('pdfinfo'))!.map(Number)
      expect(pageWidth).toBeCloseTo(width, 1)
      expect(pageHeight).toBeCloseTo(height, 1)
      const fonts = read('pdffonts').trim().split('\n').slice(2)
      expect(fonts.length).toBeGreaterThan(1)
      for (const font of fonts) expect(font).toMatch(/^[A-Z]{6}\+\S+ +CID TrueType +Identity-H +yes +yes +yes /)
      const words = read('pdftotext', '-raw')
      for (const label of ['θ', 'λ', '‖E‖²', 'τgrok', 'Müller', '∇⊙', 'half ≥ 1/2', 'decay time τ', 'seed 2', '−1']) {
        expect(words).toContain(label)
      }
      expect(missing).toEqual([])
    },
  )

  it('holds one picture for each heatmap, and none for curves', async () => {
    const pictures = async (panels: Panel[]) =>
      (await printed(panels)).read('pdfimages', '-list').trim().split('\n').length - 2
    expect(await pictures([curves(3, 200)])).toBe(0)
    expect(await pictures([matrix, curves(3, 200)])).toBe(1)
  })

  it('prints letters of other scripts by a font of the system, or says that it has none', async () => {
    const { missing, read } = await printed([{ ...curves(1, 20), title: '学習 accuracy' }])
    if (missing.length === 0) expect(read('pdftotext', '-raw')).toContain('学習')
    else expect([missing, read('pdftotext', '-raw').includes('□□ accuracy')]).toEqual([['学', '習'], true])
  })
})

describe('a figure as PDF, whatever is in it,', () => {
  it.skipIf(!hasPoppler)(
    'has names that are read from the right in their order, beside numbers and Latin',
    async () => {
      const { missing, read } = await printed([{ ...curves(1, 20), title: 'שלום עולם (5) seed 3' }])
      if (missing.length === 0) expect(read('pdftotext').replaceAll(/[\u202a-\u202e]/g, '')).toContain('שלום עולם')
    },
  )

  it.skipIf(!hasPoppler)('has letters of two files of one name, as fonts of East Asia come', async () => {
    const { missing, read } = await printed([{ ...curves(1, 20), title: '漢字 정확도' }])
    if (missing.length === 0) expect(read('pdftotext', '-raw')).toContain('漢字 정확도')
  })

  it.skipIf(!hasQpdf)('is sound', async () => {
    const { read } = await printed([curves(3, 200), matrix], 'neurips', 'Name ) ( \\ \u0000 漢')
    expect(read('qpdf', '--check')).toContain('No syntax or stream encoding errors found')
  })

  it('draws a line as the group around it says', async () => {
    const d = 'M10 10L90 40'
    const look = { fill: 'none', stroke: '#4477aa', 'stroke-width': 3, 'stroke-opacity': 0.4 }
    const pageOf = async (drawn: SvgNode) => {
      const { bytes } = await figurePdf({ root: element('svg', {}, [drawn]), width: 100, height: 50 }, 'lines')
      return /stream\n([^]*?)endstream/.exec(Buffer.from(bytes).toString('latin1'))![1]!
    }
    const [line, bare] = [element('path', { d, ...look }), element('path', { d })]
    const pages = [element('g', look, [bare]), element('g', {}, [line]), element('g', {}, [bare])].map(pageOf)
    const [grouped, own, none] = await Promise.all(pages)
    expect([grouped === own, grouped !== none]).toEqual([true, true])
  })

  it('is small though it has twenty curves of 50 000 points', async () => {
    const { bytes } = await printed([curves(20, 50_000)])
    expect(bytes.subarray(0, 8).toString()).toBe('%PDF-1.7')
    expect(bytes.length).toBeLessThan(300_000)
  })

  it('has a place for each letter that no font has, and names them', async () => {
    const { missing } = await printed([{ ...curves(1, 20), title: '\u{1E900} and \u{1E901}' }])
    expect(missing).toEqual(['\u{1E900}', '\u{1E901}'])
    expect(describeMissingLetters(missing)).toMatch(
      /No font on this machine has \u{1E900} \u{1E901}: □ stands for each/u,
    )
  })
})
