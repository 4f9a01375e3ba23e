import { computed, onScopeDispose, ref, watch, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { presentFigure, type FigureId } from '../../../shared/papers/papers.ts'
import { showFailure } from '../../composables/useToasts.ts'
import { curvesLook } from '../../composables/useCurveLooks.ts'
import { request } from '../../lab.ts'
import { beginFigure, begunBefore, type FirstPanel } from '../../pictures/addToFigure.ts'
import { withFile } from '../../pictures/withFile.ts'
import { areFiguresRead, figuresRead } from '../../pictures/keptFigures.ts'
import { usualPanels } from '../../../shared/figures/usualPanels.ts'
import { restoreFigure, type Compositions } from './useCompositions.ts'

/**
 * Runs, or a figure of a paper, that another view sends here become the first panels of a new figure; a figure that is
 * kept is put on the table. What comes back is whether panels are on their way; for who has left meanwhile the figure is kept.
 */
export function usePanelsFromRoute({ figure, selected, open, start, addPanel }: Compositions): ComputedRef<boolean> {
  const route = useRoute()
  const router = useRouter()
  const reading = ref(0)
  let isLeft = false
  onScopeDispose(() => (isLeft = true))
  async function begin(panels: readonly FirstPanel[]) {
    await figuresRead
    const ofFiles = await Promise.all(
      panels.map(async ({ source, look }) => ({ source: await withFile(source), look })),
    )
    if (isLeft) return restoreFigure(await beginFigure(panels))
    const before = begunBefore(ofFiles)
    if (before) return open(before.id)
    if (figure.value.panels.length > 0) start()
    for (const { source, look } of ofFiles) addPanel(source, look)
  }

  watch(
    () => route.query.runs,
    async (requested) => {
      if (typeof requested !== 'string' || requested === '') return
      const archive = typeof route.query.archive === 'string' ? { archive: route.query.archive } : {}
      const runIds = requested.split(',')
      void router.replace({ name: 'figures' })
      reading.value++
      try {
        const panels = await usualPanels({ runIds, ...archive }, request)
        await begin(panels.slice(0, 2).map((source) => ({ source })))
        selected.value = 0
      } catch (error) {
        showFailure(error)
      } finally {
        reading.value--
      }
    },
    { immediate: true },
  )

  watch(
    () => route.query.figure,
    async (requested) => {
      if (typeof requested !== 'string' || requested === '') return
      await figuresRead
      open(requested)
      void router.replace({ name: 'figures' })
    },
    { immediate: true },
  )

  watch(
    () => route.query.paper,
    async (requested) => {
      if (typeof requested !== 'string' || requested === '') return
      const id = presentFigure(requested) as FigureId
      const { query } = route
      void router.replace({ name: 'figures' })
      reading.value++
      try {
        const { panels } = await request('paper.show', { figure: id })
        await begin(
          panels.map((panel) => ({
            source: { kind: 'paper', figure: id, panelId: panel.id },
            look: curvesLook(query, panel.id),
          })),
        )
        selected.value = null
      } catch (error) {
        showFailure(error)
      } finally {
        reading.value--
      }
    },
    { immediate: true },
  )
  return computed(() => reading.value > 0 || !areFiguresRead.value)
}
