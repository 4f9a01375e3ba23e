import { computed, shallowRef, watch, type Ref } from 'vue'
import type { MatrixData } from '../../../shared/run.ts'
import { useAnalysis, useSnapshot, type Loaded, type SnapshotSource } from '../../composables/useSnapshot.ts'
import { transpose } from './matrixOrder.ts'

export type MatrixName = 'E' | 'W' | 'H'

/** A matrix with hidden units as its columns: W is turned for that, H computed from E. */
export function useMatrix(
  source: SnapshotSource,
  step: Readonly<Ref<number | null>>,
  name: Readonly<Ref<MatrixName>>,
): Loaded<MatrixData> {
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
  const turned = shallowRef<MatrixData | null>(null)
  watch(
    [() => stored.value.value, () => computedHere.value.value],
    () => {
      const matrix = stored.value.value
      turned.value =
        name.value === 'H'
          ? (computedHere.value.value?.values ?? null)
          : matrix && name.value === 'W'
            ? transpose(matrix)
            : matrix
    },
    { immediate: true, flush: 'sync' },
  )
  const of = <Key extends 'step' | 'failure' | 'waiting'>(key: Key) =>
    computed(() =>
      name.value === 'H' ? computedHere[key].value : stored[key].value,
    ) as unknown as Loaded<MatrixData>[Key]
  return { value: turned, step: of('step'), failure: of('failure'), waiting: of('waiting') }
}
