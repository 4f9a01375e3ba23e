import { shallowRef } from 'vue'
import type { Router } from 'vue-router'
import { readRuns } from '../../../shared/curves/readRuns.ts'
import { request } from '../../lab.ts'
import { useKept } from '../../composables/useKept.ts'
import { showToast } from '../../composables/useToasts.ts'

/** One thing of the view that is pointed at. */
export interface TourStep {
  title: string
  text: string
  /** What is pointed at: the first of these that is shown. */
  at: readonly string[]
}

export const tourSteps: readonly TourStep[] = [
  {
    title: 'One run, seen in several ways',
    text: 'Curves, matrices, Fourier modes, geometry, chattering, predictions: each is a tab, and all stand at the same step.',
    at: ['.tabs'],
  },
  {
    title: 'What was measured',
    text: 'Click to go to a step. Drag across to look closer, double-click to see all.',
    at: ['.panels .panel'],
  },
  {
    title: 'What a panel gives',
    text: 'Its meaning and formula, its data as a table, and a menu to save a picture, copy values or add it to a figure. A right click opens the same menu.',
    at: ['.panels .panel .tools'],
  },
  {
    title: 'Time',
    text: 'The arrows ← and → go from snapshot to snapshot, space plays. Everything above follows.',
    at: ['.scrubber'],
  },
  {
    title: 'About the run',
    text: 'Its seeds, when it memorized and grokked, its specification, and what computed it.',
    at: ['.side', '.drawer-toggle'],
  },
  {
    title: 'What to do with it',
    text: 'Branch from the snapshot nearest to where you are; from the menu with three dots, extend it, repeat it bit for bit, or save it.',
    at: ['.topbar .actions'],
  },
  {
    title: 'From anywhere',
    text: 'Ctrl or ⌘ K finds runs, figures, claims and formulas; ? lists the keys, and begins this tour again.',
    at: ['.rail'],
  },
]

const place = shallowRef<number | null>(null)
/** Whether it was left or done before: then it begins only where it is asked for. */
const isOver = useKept('tourOver', false)

/** Where the tour of the Run view stands; null where there is none. */
export function useTour() {
  return {
    place,
    isOver,
    end() {
      place.value = null
      isOver.value = true
    },
  }
}

/** Begins the tour at the newest run, or at the one that is looked at. */
export async function beginTour(router: Router): Promise<void> {
  const { name, params, query } = router.currentRoute.value
  const { runs } = await readRuns(
    { where: 'not is:binned', sort: { by: 'createdAt', descending: true }, limit: 1 },
    request,
  )
  const runId = name === 'run' ? params.runId : runs[0]?.id
  if (runId === undefined) {
    showToast('The tour is of a run, and there is none yet: begin with one in Runs.', {
      label: 'Runs',
      run: () => router.push({ name: 'runs' }),
    })
    return
  }
  await router.push({ name: 'run', params: { runId, tab: 'curves' }, query: name === 'run' ? query : {} })
  place.value = 0
}
