import { computed, type Ref } from 'vue'
import { compositionSchema, newId } from '../../../shared/figures/composition.ts'
import { letterOf, type FigureDrawing } from '../../../shared/figures/drawFigure.ts'
import { figureTexts } from '../../../shared/figures/figureTexts.ts'
import { figureEnvironment } from '../../../shared/figures/latex/figureEnvironment.ts'
import { pixelSize } from '../../../shared/figures/pngResolution.ts'
import { inStyle, readStyle, toStyleFile } from '../../../shared/figures/styleFile.ts'
import { formatCount } from '../../../shared/formatting/formatNumber.ts'
import { plainText } from '../../../shared/formatting/setSymbols.ts'
import type { Panel } from '../../../shared/panel.ts'
import { panelCsv } from '../../../shared/panelCsv.ts'
import { parseInput } from '../../../shared/parseInput.ts'
import type { MenuItem } from '../../components/DropMenu.vue'
import { readJsonFile } from '../../composables/readJsonFile.ts'
import { withFailureToast } from '../../composables/runActions.ts'
import { saveFile } from '../../composables/saveFile.ts'
import { showToast } from '../../composables/useToasts.ts'
import { request } from '../../lab.ts'
import { saveOutlinedSvg, savePdf, savePng, toSvgFile } from '../../pictures/exportFigure.ts'
import { changeFigure, type Compositions } from './useCompositions.ts'

/** What can be made of the figure on the table, and the files that a figure or its style is kept in. */
export function useFigureFiles(
  { figure, restore }: Compositions,
  { panels, drawing }: { panels: Readonly<Ref<readonly (Panel | null)[]>>; drawing: Readonly<Ref<FigureDrawing>> },
) {
  const fileName = computed(() => figure.value.name.trim().replaceAll(/[^\w-]+/g, '-') || 'figure')
  const isReady = computed(() => panels.value.length > 0 && panels.value.every((each) => each !== null))
  const describePixels = (dotsPerInch: number) => {
    const { width, height } = pixelSize(drawing.value, dotsPerInch)
    return `${formatCount(width)} × ${formatCount(height)} px`
  }

  const exports = computed<(MenuItem | null)[]>(() => [
    { label: 'PDF', hint: 'fonts embedded', disabled: !isReady.value, run: () => attempt(savePdf, fileName.value) },
    { label: 'SVG', hint: 'text kept as text', disabled: !isReady.value, run: saveSvg },
    {
      label: 'SVG, outlined',
      hint: 'text as outlines',
      disabled: !isReady.value,
      run: () => attempt(saveOutlinedSvg, `${fileName.value}-outlined`),
    },
    ...[300, 600].map((dotsPerInch) => ({
      label: `PNG, ${dotsPerInch} dpi`,
      hint: describePixels(dotsPerInch),
      disabled: !isReady.value,
      run: () => attempt((each, file) => savePng(each, file, dotsPerInch), `${fileName.value}-${dotsPerInch}dpi`),
    })),
    { label: 'matplotlib script', hint: '.py and .npz', disabled: !isReady.value, run: saveScript },
    { label: 'LaTeX', hint: '.tex and .bib', disabled: !isReady.value, run: saveLatex },
    { label: 'Copy the methods', hint: 'how the runs were made', disabled: !isReady.value, run: copyMethods },
    null,
    ...panels.value.map((each, place) => ({
      label: `Data of ${letterOf(place)}`,
      hint: 'CSV',
      disabled: each === null,
      run: () => saveCsv(place),
    })),
  ])

  function attempt(save: (drawing: FigureDrawing, name: string) => Promise<void>, file: string) {
    return withFailureToast(() => save(drawing.value, file))
  }

  function saveSvg() {
    saveFile({ name: `${fileName.value}.svg`, mediaType: 'image/svg+xml', bytes: toSvgFile(drawing.value) })
  }

  /** What belongs to a figure beside its picture. */
  async function saveScript() {
    await withFailureToast(async () => {
      for (const file of await request('figure.script', { figure: { ...figure.value, name: fileName.value } }))
        saveFile(file)
    })
  }

  async function saveLatex() {
    await withFailureToast(async () => {
      const { methods, bibtex } = await figureTexts(figure.value, request)
      const tex = figureEnvironment(figure.value, { file: `${fileName.value}.pdf`, methods })
      saveText(`${fileName.value}.tex`, 'application/x-tex', tex)
      saveText(`${fileName.value}.bib`, 'application/x-bibtex', bibtex)
    })
  }

  async function copyMethods() {
    await withFailureToast(async () => {
      const { methods } = await figureTexts(figure.value, request)
      await navigator.clipboard.writeText(plainText(methods))
      showToast('How the runs were made is on the clipboard.')
    })
  }

  function saveFigure() {
    saveText(`${fileName.value}.json`, 'application/json', `${JSON.stringify(figure.value, null, 2)}\n`)
  }

  async function openFigure(file: File) {
    await withFailureToast(async () => {
      const door = { code: 'INVALID_FILE', whole: 'figure', prefix: `${file.name}: ` } as const
      const opened = parseInput(compositionSchema, await readJsonFile(file), door)
      restore({ ...opened, id: newId() })
    })
  }

  function saveStyle() {
    saveText(`${fileName.value}-style.json`, 'application/json', toStyleFile(figure.value))
  }

  async function openStyle(file: File) {
    await withFailureToast(async () => {
      const style = readStyle(await readJsonFile(file), file.name)
      const before = figure.value
      figure.value = inStyle(before, style)
      const text = `${before.name || 'The figure'} has the style of ${file.name}.`
      showToast(text, { label: 'Undo', run: () => changeFigure(before.id, (now) => inStyle(now, before)) })
    })
  }

  /** Of the curves that are drawn. */
  function saveCsv(place: number) {
    const each = drawing.value.panels[place]
    if (each) saveText(`${fileName.value}-${letterOf(place)}.csv`, 'text/csv', panelCsv(each))
  }

  return { exports, saveFigure, openFigure, saveStyle, openStyle }
}

function saveText(file: string, mediaType: string, text: string) {
  saveFile({ name: file, mediaType, bytes: new TextEncoder().encode(text) })
}
