import { computed, onScopeDispose, shallowRef, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { FigureCard } from '../../../shared/contract/papers.ts'
import type { Responses } from '../../../shared/contract.ts'
import { settingFrom, type FigureSetting } from '../../../shared/papers/figureSetting.ts'
import { nameOfFigure } from '../../../shared/papers/papers.ts'
import { compute, isCancelled, resultOf, useComputation } from '../../composables/useComputation.ts'
import { entryInAddress } from '../../formatting/entries.ts'
import { request } from '../../lab.ts'

type Panels = Responses['paper.explore']

/** From the last movement to the simulation: a key that is held down moves on in the meantime. */
const restMilliseconds = 250

/**
 * A figure away from the paper's values. While a slider moves, theory follows: one question is on its way at a time, and the latest comes
 * next. Once it rests, the runs are simulated there, until they are done, cancelled, or a slider moves on. The address keeps the values.
 */
export function useExploration(card: FigureCard) {
  const route = useRoute()
  const router = useRouter()
  const { id: figure, sliders } = card
  const addressed = () => settingFrom(sliders, (field) => entryInAddress(route.query, field))
  const setting = shallowRef<FigureSetting>({})
  const theory = shallowRef<Panels>([])
  const failure = shallowRef<unknown>(null)
  const key = computed(() => `explore ${figure} ${JSON.stringify(setting.value)}`)
  const simulated = computed(() => resultOf<Panels>(key.value))
  const isMoved = computed(() => Object.keys(setting.value).length > 0)
  const { progress, cancel } = useComputation(() => [key.value])
  let isAsking = false
  let timer = 0

  async function followTheory() {
    if (isAsking) return
    isAsking = true
    let requested: FigureSetting | null = null
    while (requested !== setting.value && isMoved.value) {
      requested = setting.value
      try {
        theory.value = await request('paper.explore', { figure, setting: requested })
        if (requested === setting.value) failure.value = null
      } catch (error) {
        if (requested === setting.value) failure.value = error
      }
    }
    isAsking = false
  }

  async function simulate() {
    clearTimeout(timer)
    const requested = setting.value
    try {
      await compute(key.value, ({ name }) =>
        request('paper.explore', { figure, setting: requested, computation: name }),
      )
    } catch (error) {
      if (requested === setting.value && !isCancelled(error)) failure.value = error
    }
  }

  function move(next: FigureSetting) {
    cancel()
    clearTimeout(timer)
    setting.value = next
    failure.value = null
    void followTheory()
  }

  function settle() {
    clearTimeout(timer)
    timer = window.setTimeout(() => {
      const others = Object.entries(route.query).filter(([name]) => !sliders.some(({ field }) => field === name))
      void router.replace({ query: { ...Object.fromEntries(others), ...setting.value } })
      if (isMoved.value && !simulated.value) void simulate()
    }, restMilliseconds)
  }

  onScopeDispose(() => clearTimeout(timer))
  watch(
    () => route.query,
    () => {
      const isHere = route.params.figure === nameOfFigure(figure)
      if (!isHere || JSON.stringify(addressed()) === JSON.stringify(setting.value)) return
      move(addressed())
      settle()
    },
    { immediate: true },
  )

  return {
    setting,
    isMoved,
    /** What takes the place of the panels of these ids. */
    panels: computed(() => (isMoved.value ? (simulated.value ?? theory.value) : [])),
    isSimulated: computed(() => simulated.value !== null),
    failure,
    progress,
    cancel,
    simulate,
    valueOf: (field: string) => setting.value[field] ?? sliders.find((slider) => slider.field === field)!.value,
    slide: (field: string, value: number) =>
      move(settingFrom(sliders, (other) => (other === field ? value : setting.value[other]))),
    settle,
    reset() {
      move({})
      settle()
    },
  }
}

export type ExplorationState = ReturnType<typeof useExploration>
