import { shallowRef, watch, type ShallowRef } from 'vue'
import type { RequestInput } from '../../../shared/contract.ts'
import type { GroupLine } from '../../../shared/query/runTable.ts'
import { showFailure } from '../../composables/useToasts.ts'
import { useTouched } from '../../composables/useTouched.ts'
import { generation, request } from '../../lab.ts'

const maxShown = 6
const restMilliseconds = 500

/** The newest experiments of an archive, kept up to date, and which runs one of them has. */
export function useRecentExperiments(archive: () => string | undefined): {
  experiments: ShallowRef<readonly GroupLine[]>
  runsOf: (experiment: string) => Promise<string[]>
} {
  const experiments = shallowRef<readonly GroupLine[]>([])
  const table = (): Omit<RequestInput<'run.ids'>, 'group'> => ({
    archive: archive(),
    shelf: 'library',
    terms: [],
    grouping: 'experiment',
    sort: { by: 'createdAt', descending: true },
    folded: 'all',
  })
  let turn = 0

  async function read() {
    const requested = ++turn
    try {
      const { page } = await request('run.table', { ...table(), from: 0, count: maxShown })
      if (requested === turn) experiments.value = page.filter((line) => line.kind === 'group')
    } catch (error) {
      if (requested === turn) showFailure(error)
    }
  }

  useTouched(restMilliseconds, read, () => archive() === undefined)
  watch(generation, read, { immediate: true })
  watch(archive, () => {
    experiments.value = []
    void read()
  })
  return { experiments, runsOf: async (group) => (await request('run.ids', { ...table(), group })).runIds }
}
