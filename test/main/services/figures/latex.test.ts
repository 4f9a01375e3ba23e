import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { figurePdf } from '../../../../src/main/services/figures/figurePdf.ts'
import { createComposition, type Composition } from '../../../../src/shared/figures/composition.ts'
import { drawFigure } from '../../../../src/shared/figures/drawFigure.ts'
import { actingLetter } from '../../../../src/shared/figures/latex/actingLetter.ts'
import { figureEnvironment } from '../../../../src/shared/figures/latex/figureEnvironment.ts'
import { toLatex } from '../../../../src/shared/figures/latex/toLatex.ts'
import { findVenue, texPointsPerInch } from '../../../../src/shared/figures/venues.ts'
import type { LinePanel } from '../../../../src/shared/panel.ts'
import { temporaryFolder } from '../../../support/folders.ts'

const find = (file: string) => spawnSync('kpsewhich', [file]).status === 0
const hasLatex = spawnSync('pdflatex', ['--version']).error === undefined
if (!hasLatex) process.stderr.write('No figure is set by LaTeX: pdflatex is not here\n')

const x = Float64Array.from({ length: 60 }, (_, k) => k)
const panel: LinePanel = {
  kind: 'lines',
  id: 'loss',
  title: 'Loss',
  caption: '',
  x: { label: 'decay time', symbol: 'τ', scale: 'linear' },
  y: { label: '‖E‖²', scale: 'log' },
  series: [0, 1, 2].map((color) => ({
    name: `wd = ${10 ** -color}`,
    role: 'single',
    color,
    x,
    y: x.map((k) => Math.exp(-k / (9 + color))),
  })),
}
const caption = 'Decay of $‖E‖^2$ & 50 % of θ_1, $∂L/∂w$: 10⁻⁶ → 0, {E}_W ~ #3 \\ done ≤ 1/2.'

/** Pages of a document of a venue: how it begins, and what its text stands in. */
const documents = [
  { venue: 'ieee', width: 'column', file: 'IEEEtran.cls', begin: '\\documentclass{IEEEtran}', length: 'columnwidth' },
  { venue: 'ieee', width: 'full', file: 'IEEEtran.cls', begin: '\\documentclass{IEEEtran}', length: 'textwidth' },
  {
    venue: 'aps',
    width: 'column',
    file: 'revtex4-2.cls',
    begin: '\\documentclass[twocolumn]{revtex4-2}',
    length: 'columnwidth',
  },
  {
    venue: 'aps',
    width: 'full',
    file: 'revtex4-2.cls',
    begin: '\\documentclass[twocolumn]{revtex4-2}',
    length: 'textwidth',
  },
  {
    venue: 'beamer',
    width: 'full',
    file: 'beamer.cls',
    begin: '\\documentclass[aspectratio=169]{beamer}',
    length: 'textwidth',
  },
  {
    venue: 'neurips',
    width: 'full',
    file: 'article.cls',
    begin:
      '\\documentclass{article}\\setlength{\\textwidth}{5.5in}\\setlength{\\columnwidth}{5.5in}\\setlength{\\hsize}{5.5in}',
    length: 'textwidth',
  },
]

describe.skipIf(!hasLatex)('a figure on a page of LaTeX', () => {
  it.each(documents.filter(({ file }) => find(file)))(
    'of $venue, $width, has the width of its place without being scaled',
    async (page) => {
      const { venue, width, begin, length } = page
      const folder = temporaryFolder()
      const figure: Composition = { ...createComposition('Figure 1'), venue, width, columns: 2, aspect: 0.5, caption }
      const drawing = drawFigure(figure, [panel, panel])
      writeFileSync(join(folder, 'figure.pdf'), (await figurePdf(drawing, 'figure')).bytes)
      const environment = figureEnvironment(figure, {
        file: 'figure.pdf',
        methods: 'task $a$ + $b$ mod 5; η = 1; 100 %.',
      })
      const slide = venue === 'beamer'
      const text = [
        '\\RequirePackage[T1]{fontenc}',
        begin,
        '\\usepackage[utf8]{inputenc}\\usepackage{graphicx,textcomp}',
        '\\begin{document}',
        slide ? '\\begin{frame}' : 'Text before.',
        `\\typeout{PLACE \\the\\${length}}`,
        '\\setbox0\\hbox{\\includegraphics{figure.pdf}}\\typeout{PICTURE \\the\\wd0}',
        environment,
        slide ? '\\end{frame}' : 'Text after.',
        '\\end{document}',
      ].join('\n')
      writeFileSync(join(folder, 'page.tex'), text)
      const run = spawnSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'page.tex'], {
        cwd: folder,
        encoding: 'utf8',
      })
      const log = readFileSync(join(folder, 'page.log'), 'latin1')
      expect([run.status, /^! .*/m.exec(log)?.[0]]).toEqual([0, undefined])
      const read = (name: string) => Number(new RegExp(`^${name} ([\\d.]+)pt`, 'm').exec(log)![1])
      expect(read('PLACE')).toBeCloseTo(
        findVenue(venue).widths.find(({ id }) => id === width)!.inches * texPointsPerInch,
        1,
      )
      expect(Math.abs(read('PICTURE') - read('PLACE'))).toBeLessThan(0.02)
      expect(log).not.toMatch(/Overfull \\hbox/)
      expect(log).not.toMatch(/Missing character/)
    },
  )
})

describe.skipIf(!hasLatex)('a picture', () => {
  it('is included by LaTeX whatever its name, where none of its letters acts there', async () => {
    const folder = temporaryFolder()
    const figure = createComposition('Figure')
    const { bytes } = await figurePdf(drawFigure(figure, [panel]), 'figure')
    const printed = Array.from({ length: 0x7f - 0x20 }, (_, place) => String.fromCharCode(0x20 + place))
    const names = [...printed, 'é']
      // Not every file system takes these.
      .filter((letter) => !'/<>:|?*'.includes(letter))
      .map((letter) => `a${letter}b.pdf`)
      .filter((name) => actingLetter(name) === undefined)
    expect(names.length).toBeGreaterThan(75)
    for (const name of names) writeFileSync(join(folder, name), bytes)
    const pictures = names.map((file) => `${figureEnvironment(figure, { file, methods: '' })}\\clearpage`)
    const page = ['\\documentclass{article}\\usepackage{graphicx}\\begin{document}', ...pictures, '\\end{document}']
    writeFileSync(join(folder, 'page.tex'), page.join('\n'))
    const { status } = spawnSync('pdflatex', ['-interaction=nonstopmode', '-halt-on-error', 'page.tex'], {
      cwd: folder,
    })
    expect(status).toBe(0)
  })
})

describe('words in LaTeX', () => {
  it.each([
    ['50 % of my_file & #3', '50 \\% of my\\_file \\& \\#3'],
    ['$θ$ and λ', '$\\theta{}$ and $\\lambda{}$'],
    ['‖E‖²', '$\\|E\\|^{2}$'],
    ['10⁻⁶ → 0', '10$^{-6}$ $\\to$ 0'],
    ['a\\b{c}~^', 'a\\textbackslash{}b\\{c\\}\\textasciitilde{}\\textasciicircum{}'],
    ['n < 20 | p > 30', 'n $<$ 20 $|$ p $>$ 30'],
    ['τ_grok', '$\\tau{}$\\textsubscript{grok}'],
    ['$∂L/∂w$', '$\\partial L$/$\\partial w$'],
    ['$∇L$, $a·b$, $k≤K$', '$\\nabla L$, $a\\cdot b$, $k\\leq K$'],
    ['Δ$E$ at 2π$k$', '$\\Delta E$ at 2$\\pi k$'],
  ])('%s', (words, expected) => {
    expect(toLatex(words)).toBe(expected)
  })

  it('stay within the comment below a figure, and the one paragraph of its caption, whatever lines they have', () => {
    const figure = { ...createComposition('Figure'), caption: 'one\n\ntwo' }
    const environment = figureEnvironment(figure, { file: 'x.pdf', methods: 'data a\nb.npz;\r\nseed 0.' })
    expect(environment).toContain('\\caption{one two}')
    expect(environment).toContain('\n% data a b.npz; seed 0.\n')
  })

  it('stand around a picture in both columns where it is as wide as both', () => {
    const make = (width: string) =>
      figureEnvironment({ ...createComposition('My figure!'), venue: 'ieee', width }, { file: 'x.pdf', methods: '' })
    expect(make('full')).toContain('\\begin{figure*}')
    expect(make('column')).toContain('\\begin{figure}\n')
    expect(make('column')).toContain('\\label{fig:my-figure}')
    expect(make('column')).toContain('\\includegraphics{x.pdf}')
  })
})
