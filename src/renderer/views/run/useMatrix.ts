import { computed, shallowRef, watch, type Ref } from 'vue'
import type { HiddenValues } from '../../../shared/analysis.ts'
import type { MatrixData } from '../../../shared/run.ts'
import { useAnalysis, useSnapshot, type Loaded, type SnapshotSource } from '../../composables/useSnapshot.ts'
import { transpose } from './matrixOrder.ts'
import type { NamedMatrix } from './matrixPanel.ts'

export type MatrixName = 'E' | 'W' | 'H'

/** A matrix with hidden units as its columns: W is turned for that, H computed from E. */
export function useMatrix(
  source: SnapshotSource,
  step: Readonly<Ref<number | null>>,
  name: Readonly<Ref<MatrixName>>,
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
      else turned.value = matrix && namedLayer(name.value, matrix)
    },
    { immediate: true, flush: 'sync' },
  )
  const of = <Key extends 'step' | 'failure' | 'waiting'>(key: Key) =>
    computed(() =>
      name.value === 'H' ? computedHere[key].value : stored[key].value,
    ) as unknown as Loaded<NamedMatrix>[Key]
  return { value: turned, step: of('step'), failure: of('failure'), waiting: of('waiting') }
}

/** E by its tokens, or W, turned, by its outputs. */
export function namedLayer(name: 'E' | 'W', layer: MatrixData): NamedMatrix {
  const matrix = name === 'W' ? transpose(layer) : layer
  const rows = counted(matrix.rows)
  return { ...matrix, rowLabels: name === 'W' ? { output: rows } : { token: rows }, columnLabels: unitLabels(matrix) }
}

/** The hidden values by the two tokens of each training pair. */
export function namedHidden({ values, tokens }: HiddenValues): NamedMatrix {
  const [a, b] = [0, 1].map((place) => tokens.filter((_, at) => at % 2 === place)) as [Int32Array, Int32Array]
  return { ...values, rowLabels: { a, b }, columnLabels: unitLabels(values) }
}

function unitLabels({ columns }: MatrixData): NamedMatrix['columnLabels'] {
  return { unit: counted(columns) }
}

function counted(length: number): Int32Array {
  return Int32Array.from({ length }, (_, place) => place)
}
