import { onScopeDispose, shallowRef, watch, type ShallowRef } from 'vue'
import type { RequestInput } from '../../shared/contract.ts'
import { useWatched } from '../composables/useWatched.ts'
import { generation, on, request } from '../lab.ts'
import { curvesByRun, type CurvesByRun } from '../../shared/curves/curvesByRun.ts'

export type CurveQuery = RequestInput<'run.curves'>

export interface ComparedCurves {
  /** By run id; what was read last stays until the next of the same archive arrives, so that nothing jumps. */
  curves: ShallowRef<CurvesByRun>
  ready: ShallowRef<boolean>
  failure: ShallowRef<unknown>
}

const pause = 500

/** The curves that one or several queries ask for, read again while their runs are live. */
export function useComparedCurves(queries: () => readonly CurveQuery[]): ComparedCurves {
  const curves = shallowRef<CurvesByRun>(new Map())
  const ready = shallowRef(false)
  const failure = shallowRef<unknown>(null)
  let turn = 0
  let timer = 0

  async function read() {
    const requested = ++turn
    const needed = queries().filter(({ runIds }) => runIds.length > 0)
    try {
      const answers = await Promise.all(needed.map((query) => request('run.curves', query)))
      if (requested !== turn) return
      curves.value = curvesByRun(answers.flat())
      failure.value = null
      ready.value = true
    } catch (error) {
      if (requested === turn) failure.value = error
    }
  }

  const end = on('run.measured', ({ runId }) => {
    if (timer !== 0 || !queries().some(({ runIds }) => runIds.includes(runId))) return
    timer = window.setTimeout(() => {
      timer = 0
      void read()
    }, pause)
  })
  onScopeDispose(() => {
    end()
    clearTimeout(timer)
  })
  useWatched(() => queries().flatMap(({ runIds, archive }) => (archive === undefined ? runIds : [])))
  // Curves of one archive are not those of another, even for a moment.
  watch(
    () => [...new Set(queries().map(({ archive }) => archive))].join(),
    () => {
      curves.value = new Map()
      ready.value = false
      failure.value = null
    },
  )
  watch([() => JSON.stringify(queries()), generation], read, { immediate: true })
  return { curves, ready, failure }
}
