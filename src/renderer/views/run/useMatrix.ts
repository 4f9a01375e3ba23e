import { computed, shallowRef, watch, type Ref } from 'vue'
import { useAnalysis, useSnapshot, type Loaded, type SnapshotSource } from '../../composables/useSnapshot.ts'
import type { ParameterDescription } from '../../../shared/models/model.ts'
import type { NetworkTask } from '../../../shared/tasks/tasks.ts'
import { namedHidden, namedParameter, type NamedMatrix } from '../../../shared/panels/namedMatrix.ts'

/** A matrix with hidden units as its columns: W is turned for that, H, where there is no parameter, computed. */
export function useMatrix(
  source: SnapshotSource,
  step: Readonly<Ref<number | null>>,
  parameter: Readonly<Ref<ParameterDescription | undefined>>,
  task: Readonly<Ref<NetworkTask | null>>,
): Loaded<NamedMatrix> {
  const stored = useSnapshot(
    source,
    computed(() => (parameter.value ? step.value : null)),
    computed(() => parameter.value?.name ?? ''),
  )
  const computedHere = useAnalysis(
    source,
    computed(() => (parameter.value ? null : step.value)),
    'hidden',
  )
  const turned = shallowRef<NamedMatrix | null>(null)
  watch(
    [() => stored.value.value, () => computedHere.value.value],
    () => {
      const matrix = stored.value.value
      const hidden = computedHere.value.value
      if (!parameter.value) turned.value = hidden && namedHidden(hidden)
      else turned.value = matrix && task.value && namedParameter(parameter.value, matrix, task.value)
    },
    { immediate: true, flush: 'sync' },
  )
  const of = <Key extends 'step' | 'failure'>(key: Key) =>
    computed(() =>
      parameter.value ? stored[key].value : computedHere[key].value,
    ) as unknown as Loaded<NamedMatrix>[Key]
  return { value: turned, step: of('step'), failure: of('failure') }
}
