import { beforeEach, expect, it, vi } from 'vitest'
import { ref } from 'vue'
import { useCompositions } from '../../../../src/renderer/views/figures/useCompositions.ts'
import { useFigureFiles } from '../../../../src/renderer/views/figures/useFigureFiles.ts'
import { drawFigure } from '../../../../src/shared/figures/drawFigure.ts'
import type { LinePanel } from '../../../../src/shared/panel.ts'

const saved = new Map<string, string>()
vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))
vi.mock('../../../../src/renderer/composables/saveFile.ts', () => ({
  saveFile: ({ name, bytes }: { name: string; bytes: Uint8Array }) => saved.set(name, new TextDecoder().decode(bytes)),
}))

beforeEach(() => {
  vi.stubGlobal('localStorage', { getItem: () => null, setItem: () => {} })
})

const x = Float64Array.of(1, 2)
const panel: LinePanel = {
  ...{ kind: 'lines', id: 'loss', title: 'Loss', caption: '' },
  x: { label: 'step', scale: 'linear' },
  y: { label: 'loss', scale: 'linear' },
  series: ['kept', 'left out'].map((name) => ({ name, role: 'single', of: { run: name }, x, y: x })),
}

it('has in the table of a panel the curves that are drawn', () => {
  const compositions = useCompositions()
  const look = { curves: { 'left out': { hidden: true as const } } }
  const panels = ref([panel])
  const drawing = ref(drawFigure(compositions.figure.value, [panel], { looks: [look] }))
  const { exports } = useFigureFiles(compositions, { panels, drawing })
  exports.value.find((item) => item?.label === 'Data of a')!.run!()
  expect(saved.get('Figure-1-a.csv')!.trim().split('\n')).toEqual(['run,step,loss', 'kept,1,1', 'kept,2,2'])
})
