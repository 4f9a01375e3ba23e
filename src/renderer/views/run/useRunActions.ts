import { computed, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { RequestInput, RequestName } from '../../../shared/contract.ts'
import { isSettled, type RunSummary } from '../../../shared/run.ts'
import { saveFile } from '../../composables/saveFile.ts'
import { showDamage } from '../../composables/showDamage.ts'
import { showToast, showFailure } from '../../composables/useToasts.ts'
import { request } from '../../lab.ts'
import { moveRuns } from '../../composables/runActions.ts'

/** What can be done to runs, and which of the given runs allow it. */
export function useRunActions(runs: Readonly<Ref<readonly RunSummary[]>>) {
  const router = useRouter()
  const active = computed(() => runs.value.some(({ status }) => !isSettled(status)))

  /** Carries out a request and tells how it went. */
  async function carryOut<Name extends RequestName>(name: Name, input: RequestInput<Name>, told?: string) {
    try {
      const answer = await request(name, input)
      if (told) showToast(told)
      return answer
    } catch (error) {
      showFailure(error)
      return undefined
    }
  }

  return {
    active,
    rename: (runId: string, name: string) => carryOut('run.rename', { runId, name }, 'Renamed.'),
    discard: async () => {
      const runIds = runs.value.map(({ id }) => id)
      if (await moveRuns(runIds, 'bin')) await router.push({ name: 'runs' })
    },
    save: async (runId: string, format: string, archive?: string) => {
      const file = await carryOut('run.export', { runId, format, archive })
      if (!file) return
      saveFile(file)
      await showDamage({ runId, archive })
    },
    saveArchive: async () => {
      const file = await carryOut('archive.export', { runIds: runs.value.map(({ id }) => id) })
      if (file) saveFile(file)
    },
  }
}
