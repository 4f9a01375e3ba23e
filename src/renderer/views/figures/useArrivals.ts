import { watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { measurements } from '../../../shared/measurements.ts'
import { presentFigure, type FigureId } from '../../../shared/papers/papers.ts'
import { clockOf } from '../../../shared/runClock.ts'
import { readRuns } from '../../composables/readRuns.ts'
import { tellFailure } from '../../composables/useToasts.ts'
import { request } from '../../lab.ts'
import { compareRuns } from '../compare/comparison.ts'
import { usualAxis } from '../compare/horizontalAxis.ts'
import { studyMeasurements } from '../compare/measurementChoices.ts'
import type { Compositions } from './useCompositions.ts'

/** What a figure of runs shows first. */
const usual = ['testAccuracy', 'firstLayerNormSquared'] as const

/**
 * Runs, or a figure of a paper, that another view sends here become the first panels of a new figure; a figure that is
 * kept is put on the table.
 */
export function useArrivals({ figure, selected, open, start, addPanel }: Compositions): void {
  const route = useRoute()
  const router = useRouter()
  const begin = (name?: string) => {
    if (figure.value.panels.length > 0) start(name)
  }

  watch(
    () => route.query.runs,
    async (asked) => {
      if (typeof asked !== 'string' || asked === '') return
      const archive = typeof route.query.archive === 'string' ? { archive: route.query.archive } : {}
      const runIds = asked.split(',')
      void router.replace({ name: 'figures' })
      try {
        const { runs } = await readRuns({ runIds, ...archive })
        const axis = usualAxis(clockOf(...runs.map(({ facets }) => facets)))
        const shared = { kind: 'runs', runIds, ...archive, axis, spread: 'runs' } as const
        const names = studyMeasurements(compareRuns(runs, archive.archive)) ?? usual
        begin()
        for (const measurement of names.slice(0, 2)) {
          addPanel({ ...shared, measurement, vertical: measurements[measurement].scale })
        }
        selected.value = 0
      } catch (error) {
        tellFailure(error)
      }
    },
    { immediate: true },
  )

  watch(
    () => route.query.figure,
    (asked) => {
      if (typeof asked !== 'string' || asked === '') return
      open(asked)
      void router.replace({ name: 'figures' })
    },
    { immediate: true },
  )

  watch(
    () => route.query.paper,
    async (asked) => {
      if (typeof asked !== 'string' || asked === '') return
      const id = presentFigure(asked) as FigureId
      void router.replace({ name: 'figures' })
      try {
        const { panels } = await request('paper.show', { figure: id })
        begin()
        for (const panel of panels) addPanel({ kind: 'paper', figure: id, panelId: panel.id })
        selected.value = null
      } catch (error) {
        tellFailure(error)
      }
    },
    { immediate: true },
  )
}
