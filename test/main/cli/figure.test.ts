import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decode } from 'fast-png'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openArchive } from '../../../src/main/store/archive.ts'
import { compositionSchema, type Composition } from '../../../src/shared/figures/composition.ts'
import { callProgram } from '../../support/callProgram.ts'
import { runCommandLine } from '../../support/commandLine.ts'
import { temporaryFolder } from '../../support/folders.ts'

const folder = temporaryFolder()
const figure = (...options: string[]) => runCommandLine(folder, 'figure', ...options, '--archive', 'a.grokscope')
/** Without a process of its own, as its folder is this one's. */
const here = (...options: string[]) => callProgram('figure', ...options, '--archive', 'a.grokscope')
const read = (name: string) => readFileSync(join(folder, name), 'utf8')
const ofPaper = ['--panel', 'musat2025/fig6/test-accuracy']
const [descent, momentum] = ['vjaksg4a', '5kqpztgf']

const before = process.cwd()
afterAll(() => process.chdir(before))
beforeAll(() => {
  process.chdir(folder)
  copyFileSync(join(import.meta.dirname, '../../support/archives/0.1.0.grokscope'), join(folder, 'a.grokscope'))
  // Every look at one of an earlier version would be at a copy that is brought to this one first.
  openArchive(join(folder, 'a.grokscope')).close()
})

describe('grokscope figure', () => {
  it('draws measurements of runs, which ids or a filter name, at the size of a venue', async () => {
    const options = ['--panel', 'trainLoss', 'firstLayerNormSquared', '--venue', 'icml', '--width', 'column']
    const { code, stdout, stderr } = await figure(descent, '5kqp', ...options, '--out', 'two.svg')
    expect([code, stderr]).toEqual([0, ''])
    expect(stdout).toMatch(/^two\.svg: /)
    const svg = read('two.svg')
    expect(svg).toContain('width="234pt"')
    for (const words of ['training loss', 'first-layer squared norm', 'descent', 'momentum'])
      expect(svg).toContain(words)
    expect(await figure('descent', 'status:finished', '--panel', 'trainLoss', '--out', 'filtered.svg')).toMatchObject({
      code: 0,
    })
    expect(read('filtered.svg')).toContain('branch of descent')
  })

  it('draws a group as its center, band and number of runs', async () => {
    const options = ['--panel', 'firstLayerNormSquared', '--spread', 'deviation', '--axis', 'step', '--scale', 'log']
    const { code } = await figure('float32', 'precision:float32', ...options, '--out', 'band.svg')
    expect(code).toBe(0)
    expect(read('band.svg')).toContain('N = 3')
  })

  it('writes PDF, PNG in a resolution, SVG without fonts, each of one drawing', async () => {
    const write = (...options: string[]) => figure(descent, '--panel', 'trainLoss', '--width', '85mm', ...options)
    expect((await write('--out', 'one.pdf')).code).toBe(0)
    expect((await write('--out', 'one.png', '--dpi', '600')).code).toBe(0)
    expect((await write('--out', 'one.svg', '--outlined')).code).toBe(0)
    expect(read('one.pdf').slice(0, 8)).toBe('%PDF-1.7')
    expect(decode(readFileSync(join(folder, 'one.png'))).width).toBe(Math.round((85 / 25.4) * 600))
    expect(read('one.svg')).not.toContain('<text')
  })

  it('says what its venue asks and it has not, and is written all the same', async () => {
    const five = Array<string>(5).fill('trainLoss')
    const options = ['--panel', ...five, '--columns', '1', '--venue', 'ieee', '--width', 'column', '--out', 'tall.svg']
    const { code, stderr } = await figure(descent, ...options)
    expect(code).toBe(0)
    expect(stderr).toMatch(/^Not passed for IEEE: Fits the page: 1\d\.\d+ in high\n$/)
    expect(existsSync(join(folder, 'tall.svg'))).toBe(true)
  })

  it('keeps a figure as a file, and draws one that was kept', async () => {
    expect((await figure(descent, '--panel', 'trainLoss', '--out', 'kept.json')).code).toBe(0)
    const kept = compositionSchema.parse(JSON.parse(read('kept.json'))) satisfies Composition
    expect(kept.panels[0]!.source).toMatchObject({ kind: 'runs', runIds: [descent], measurement: 'trainLoss' })
    expect((await figure('--figure', 'kept.json', '--venue', 'nature', '--out', 'again.svg')).code).toBe(0)
    expect(read('again.svg')).toContain(`width="${Math.round((89 / 25.4) * 7200) / 100}pt"`)
  })

  it('draws panels of other archives from the files that they name, and says which are not there', async () => {
    openArchive(join(folder, 'own.grokscope')).close()
    expect((await figure(descent, '--panel', 'trainLoss', '--out', 'beside.json')).code).toBe(0)
    const kept = compositionSchema.parse(JSON.parse(read('beside.json')))
    const of = (archive?: string) => ({ ...kept.panels[0]!, source: { ...kept.panels[0]!.source, archive } })
    const draw = (panels: object[], ...options: string[]) => {
      writeFileSync(join(folder, 'beside.json'), JSON.stringify({ ...kept, panels }))
      const words = ['figure', '--figure', 'beside.json', '--archive', 'own.grokscope', '--out', ...options]
      return runCommandLine(folder, ...words)
    }
    const [there, gone] = ['a.grokscope', 'gone.grokscope'].map((name) => join(folder, name)) as [string, string]
    expect(await draw([of(there)], 'beside.pdf', '--latex')).toMatchObject({ code: 0 })
    expect(read('beside.tex')).toContain('gradient descent')
    expect(await draw([of(there), of(there)], 'beside.svg')).toMatchObject({ code: 0 })
    expect(read('beside.svg')).toContain('training loss')
    // An archive that it draws from, by whatever name.
    const other = join(folder, 'other.pdf')
    copyFileSync(there, other)
    expect((await draw([of(other)], other, '--force')).stderr).toContain('which belongs to the archive')
    expect(readFileSync(other).equals(readFileSync(there))).toBe(true)
    const { code, stderr } = await draw([of(there), of(gone), of('archive-1'), of()], 'gone.svg')
    expect(code).not.toBe(0)
    expect(stderr).toContain(`panel b: there is no archive "${gone}"`)
    expect(stderr).toContain('panel c: archive: "archive-1" names no file')
    expect(stderr).toContain(`panel d: 1 run is not in the archive: ${descent}`)
    expect(stderr).not.toContain('panel a:')
  })

  it('says of a panel that nothing is drawn in it', async () => {
    const { code, stderr } = await figure('--panel', 'musat2025/fig6/test-accuracy', '--out', 'empty.svg')
    expect([code, stderr]).toEqual([
      0,
      expect.stringMatching(/^panel a is empty: no run in the archive has what it shows$/m),
    ])
    expect((await figure(descent, '--panel', 'trainLoss', '--out', 'full.svg')).stderr).toBe('')
    // Runs that did not generalize are drawn as muted points, too.
    await figure(descent, '--panel', 'trainLoss', '--out', 'scatter.json')
    const kept = compositionSchema.parse(JSON.parse(read('scatter.json')))
    const scatter = { kind: 'scatter', runIds: [descent], field: 'dynamics.learningRate', quantity: 't_grok' } as const
    const panels = [{ ...kept.panels[0]!, source: { ...scatter, vertical: 'log' } }]
    writeFileSync(join(folder, 'scatter.json'), JSON.stringify({ ...kept, panels }))
    const drawn = await figure('--figure', 'scatter.json', '--out', 'scatter.svg')
    expect([drawn.code, drawn.stderr]).toEqual([0, ''])
  })

  it('says which curves a kept figure changes that its panels have not, by the names of then', async () => {
    await figure(descent, '--panel', 'trainLoss', '--out', 'looks.json')
    const kept = compositionSchema.parse(JSON.parse(read('looks.json')))
    const curves = { 'seed 0': { color: 2 }, 'its former name': { hidden: true } }
    writeFileSync(
      join(folder, 'looks.json'),
      JSON.stringify({ ...kept, panels: kept.panels.map((panel) => ({ ...panel, look: { curves } })) }),
    )
    const { code, stderr } = await figure('--figure', 'looks.json', '--out', 'looks.svg')
    expect([code, stderr]).toEqual([
      0,
      'panel a: curves has "its former name": no curve of this panel is called that\n',
    ])
  })

  it('writes a script with its data, and what LaTeX needs, beside one another', async () => {
    expect((await figure(descent, momentum, '--panel', 'trainLoss', '--out', 'loss.py')).stdout).toMatch(
      /^loss\.py.*\nloss\.npz/,
    )
    expect(read('loss.py')).toContain('"descent"')
    const caption = ['--caption', 'Loss $L$, 50 % of θ.']
    expect(
      (await figure(descent, momentum, '--panel', 'trainLoss', '--out', 'tex.pdf', '--latex', ...caption)).code,
    ).toBe(0)
    expect(read('tex.tex')).toContain('\\caption{Loss $L$, 50 \\% of $\\theta{}$.}')
    expect(read('tex.tex')).toMatch(
      /% descent: task .*; seed 0\. momentum: .*Computed with Grokscope 0\.1\.0 \(wasm, float64\); specifications [0-9a-f]{12}, /,
    )
    expect(read('tex.bib')).toContain('@misc{musat2025,')
    writeFileSync(join(folder, 'taken.npz'), 'mine')
    expect((await figure(descent, '--out', 'taken.py')).stderr).toContain('taken.npz')
    expect([existsSync(join(folder, 'taken.py')), read('taken.npz')]).toEqual([false, 'mine'])
  })

  it('looks before it draws whether the file itself is there, however its ending is written', async () => {
    writeFileSync(join(folder, 'upper.JSON'), 'mine')
    const refused = await figure('nothing', '--panel', 'trainLoss', '--out', 'upper.JSON')
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('upper.JSON is there already')])
    expect(read('upper.JSON')).toBe('mine')
    writeFileSync(join(folder, 'lower.json'), 'mine')
    // One file by both names, on some systems.
    const isSame = existsSync(join(folder, 'lower.JSON'))
    expect((await figure(descent, '--panel', 'trainLoss', '--out', 'lower.JSON')).code).toBe(isSame ? 2 : 0)
    expect(read('lower.json')).toBe('mine')
  })

  it.each([
    [
      [descent, '--out', '50%.pdf', '--latex'],
      '--out: "50%.pdf" is not allowed with --latex; LaTeX includes no file whose name has "%"',
    ],
    [[descent, '--out', 'x.svg', '--latex'], '--latex: LaTeX does not include .svg; it does .pdf and .png'],
    [[descent, '--out', 'x.eps'], '--out: "x.eps" is not allowed; a file whose name ends in .pdf'],
    [[descent, '--out', '-'], '--out: "-" is not allowed; a file whose name ends in .pdf'],
    [['--panel', 'trainLoss', '--out', 'x.pdf'], 'run: none is named; ids, or a filter such as: p = 37'],
    [['nothing', '--panel', 'trainLoss', '--out', 'x.pdf'], 'no run passes the filter "nothing"'],
    [
      [descent, '--panel', 'luck', '--out', 'x.pdf'],
      '--panel: "luck" is not a measurement; these runs have trainLoss, ',
    ],
    [
      [descent, '--panel', 'conditionNumber', '--out', 'x.pdf'],
      'none of these runs measures conditionNumber; these runs have',
    ],
    [
      ['--panel', 'musat2025/fig6/luck', '--out', 'x.pdf'],
      'panel a: panel: musat2025/fig6 has no "luck"; one of test-accuracy',
    ],
    [['--panel', 'fig99/loss', '--out', 'x.pdf'], '--panel: "fig99/loss" is of no figure; one of musat2025/fig1, '],
    [[descent, '--width', '1mm', '--out', 'x.pdf'], '--width: "1mm" is not allowed; a width from 1 in (25.4 mm)'],
    [
      [descent, '--venue', 'ieee', '--width', 'half', '--out', 'x.pdf'],
      '--width: "half" is not allowed; IEEE has column',
    ],
    [[descent, '--group-by', 'wd', '--out', 'x.pdf'], '--group-by: groups need a --spread, such as deviation'],
    [
      [descent, momentum, '--spread', 'error', '--group-by', 'x', '--out', 'x.pdf'],
      'make no groups by "x"; one of experiment, ',
    ],
    [[descent, '--dpi', '300', '--out', 'x.pdf'], '--dpi: .pdf has no pixels; .png has'],
    [[descent, '--outlined', '--out', 'x.pdf'], '--outlined: .pdf cannot have outlined text; use .svg'],
    [[descent, '--caption', 'Loss.', '--out', 'x.pdf'], '--caption: .pdf has no caption; the .tex of --latex has'],
    [[descent, ...ofPaper, '--out', 'x.pdf'], 'run: panels of a paper’s figure have runs of their own; leave RUN out'],
    [[...ofPaper, '--spread', 'deviation', '--out', 'x.pdf'], '--spread: panels of a paper’s figure are drawn as'],
    [[...ofPaper, '--axis', 'tau', '--out', 'x.pdf'], '--axis: panels of a paper’s figure are drawn as'],
    [[descent, '--figure', 'gone.json', '--out', 'x.pdf'], 'gone.json cannot be read: no such file'],
    [[descent, '--out', 'a.grokscope/x.pdf'], 'a.grokscope'],
  ])('refuses %j, and writes nothing', async (options, says) => {
    const { code, stderr } = await here(...options)
    expect(stderr).toContain(says)
    expect([code, existsSync(join(folder, 'x.pdf')), existsSync(join(folder, 'x.eps'))]).toEqual([2, false, false])
  })

  it.each([
    ['--axis', 'tau'],
    ['--scale', 'log'],
    ['--spread', 'deviation'],
    ['--group-by', 'wd'],
  ])('refuses %s %s of a figure that was kept, which says itself how its curves are drawn', async (option, value) => {
    await here(descent, '--panel', 'trainLoss', '--out', 'own.json', '--force')
    const { code, stderr } = await here('--figure', 'own.json', option, value, '--out', 'x.pdf')
    expect(stderr).toContain(`${option}: a file says how its curves are drawn; leave ${option} out`)
    expect([code, existsSync(join(folder, 'x.pdf'))]).toEqual([2, false])
  })

  it('keeps a caption with a figure', async () => {
    expect((await figure(descent, '--caption', 'Loss.', '--out', 'captioned.json')).code).toBe(0)
    expect(JSON.parse(read('captioned.json'))).toMatchObject({ caption: 'Loss.' })
  })

  it('names what is wrong with a file, and the runs that are gone', async () => {
    await figure(descent, '--panel', 'trainLoss', '--out', 'odd.json')
    const kept = JSON.parse(read('odd.json')) as Composition
    const write = (changes: object) => writeFileSync(join(folder, 'odd.json'), JSON.stringify({ ...kept, ...changes }))
    write({ aspect: -1, height: 3 })
    const { code, stderr } = await figure('--figure', 'odd.json', '--out', 'x.pdf')
    expect(code).toBe(2)
    expect(stderr).toContain('odd.json: aspect: -1 is too small; allowed: at least 0.1')
    expect(stderr).toContain('odd.json: height: unknown field')
    const gone = { ...kept.panels[0]!, source: { ...kept.panels[0]!.source, runIds: [descent, 'gone1'] } }
    write({ panels: [kept.panels[0]!, gone] })
    expect((await figure('--figure', 'odd.json', '--out', 'x.pdf')).stderr).toContain(
      'panel b: 1 run is not in the archive: gone1',
    )
  })
})
