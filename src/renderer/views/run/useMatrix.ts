import { computed, shallowRef, watch, type Ref } from 'vue'
import { useAnalysis, useSnapshot, type Loaded, type SnapshotSource } from '../../composables/useSnapshot.ts'
import type { NetworkTask } from '../../../shared/tasks/tasks.ts'
import { namedHidden, namedLayer, type MatrixName, type NamedMatrix } from './namedMatrix.ts'

/** A matrix with hidden units as its columns: W is turned for that, H computed from E. */
export function useMatrix(
  source: SnapshotSource,
  step: Readonly<Ref<number | null>>,
  name: Readonly<Ref<MatrixName>>,
  task: Readonly<Ref<NetworkTask | null>>,
): Loaded<NamedMatrix> {
  const stored = useSnapshot(
    source,
    computed(() => (name.value === 'H' ? null : step.value)),
    name,
  )
  const computedHere = useAnalysis(
    source,
    computed(() => (name.value === 'H' ? step.value : null)),
    'hidden',
  )
  const turned = shallowRef<NamedMatrix | null>(null)
  watch(
    [() => stored.value.value, () => computedHere.value.value],
    () => {
      const matrix = stored.value.value
      const hidden = computedHere.value.value
      if (name.value === 'H') turned.value = hidden && namedHidden(hidden)
      else turned.value = matrix && task.value && namedLayer(name.value, matrix, task.value)
    },
    { immediate: true, flush: 'sync' },
  )
  const of = <Key extends 'step' | 'failure' | 'waiting'>(key: Key) =>
    computed(() =>
      name.value === 'H' ? computedHere[key].value : stored[key].value,
    ) as unknown as Loaded<NamedMatrix>[Key]
  return { value: turned, step: of('step'), failure: of('failure'), waiting: of('waiting') }
}
