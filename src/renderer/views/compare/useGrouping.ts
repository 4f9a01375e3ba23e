import { computed, type ComputedRef, type Ref } from 'vue'
import type { ComparedRun } from '../../../shared/curves/comparison.ts'
import { useAddressed } from '../../composables/useAddressed.ts'
import { groupingsOf, groupRuns, type Grouping, type RunGrouping } from '../../../shared/curves/groupRuns.ts'

export interface UsedGrouping {
  /** As chosen; what these runs do not differ in gives way to the first. */
  id: Ref<string>
  grouping: ComputedRef<Grouping>
  choices: ComputedRef<{ value: string; label: string }[]>
  groups: ComputedRef<RunGrouping[]>
}

/** Runs that are compared in groups, by experiment until another field is chosen. */
export function useGrouping(runs: () => readonly ComparedRun[]): UsedGrouping {
  const own = useAddressed('by')
  const id = computed({ get: () => own.value ?? 'experiment', set: (value) => (own.value = value) })
  const offered = computed(() => groupingsOf(runs().map(({ run }) => run)))
  const grouping = computed(() => offered.value.find((each) => each.id === id.value) ?? offered.value[0]!)
  return {
    id,
    grouping,
    choices: computed(() => offered.value.map(({ id: value, label }) => ({ value, label }))),
    groups: computed(() => groupRuns(runs(), grouping.value)),
  }
}
