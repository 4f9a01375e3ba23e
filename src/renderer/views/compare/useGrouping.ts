import { computed, watch, type ComputedRef, type Ref } from 'vue'
import type { ComparedRun } from '../../../shared/curves/comparison.ts'
import { LabError } from '../../../shared/errors.ts'
import { quote } from '../../../shared/quote.ts'
import { showFailure } from '../../composables/useToasts.ts'
import { useAddressed } from '../../composables/useAddressed.ts'
import {
  findGrouping,
  groupingsOf,
  groupRuns,
  type Grouping,
  type RunGrouping,
} from '../../../shared/curves/groupRuns.ts'

export interface UsedGrouping {
  /** As chosen; what these runs do not differ in gives way to the first, and what is no field of runs is refused. */
  id: Ref<string>
  grouping: ComputedRef<Grouping>
  choices: ComputedRef<{ value: string; label: string }[]>
  groups: ComputedRef<RunGrouping[]>
}

/** Runs that are compared in groups, by experiment until another field is chosen. */
export function useGrouping(runs: () => readonly ComparedRun[]): UsedGrouping {
  const own = useAddressed('by')
  const offered = computed(() => groupingsOf(runs().map(({ run }) => run)))
  const grouping = computed(() => offered.value.find((each) => each.id === own.value) ?? offered.value[0]!)
  const id = computed({ get: () => grouping.value.id, set: (value) => (own.value = value) })
  watch(
    own,
    (named) => {
      if (named === undefined || findGrouping(named)) return
      const allowed = offered.value.map((each) => each.id).join(', ')
      showFailure(new LabError('NOT_FOUND', `by: ${quote(named)} is not allowed; ${allowed}`))
      own.value = undefined
    },
    { immediate: true },
  )
  return {
    id,
    grouping,
    choices: computed(() => offered.value.map(({ id: value, label }) => ({ value, label }))),
    groups: computed(() => groupRuns(runs(), grouping.value)),
  }
}
