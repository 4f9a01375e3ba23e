import { computed, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import type { RequestInput, RequestName } from '../../../shared/contract.ts'
import type { RunStatus, RunSummary } from '../../../shared/run.ts'
import { saveFile } from '../../composables/saveFile.ts'
import { tellDamage } from '../../composables/tellDamage.ts'
import { tell, tellFailure } from '../../composables/useToasts.ts'
import { formatCount } from '../../../shared/formatting/formatNumber.ts'
import { request } from '../../lab.ts'
import { moveRuns } from '../runs/runActions.ts'

/** What can be done to runs, and which of the given runs allow it. */
export function useRunActions(runs: Readonly<Ref<readonly RunSummary[]>>) {
  const router = useRouter()
  const idsIn = (...statuses: RunStatus[]) =>
    runs.value.filter(({ status }) => statuses.includes(status)).map(({ id }) => id)
  const active = computed(() => idsIn('queued', 'running', 'paused'))

  /** Carries out a request and tells how it went. */
  async function carryOut<Name extends RequestName>(
    name: Name,
    input: RequestInput<Name>,
    told?: { text: string; action?: { label: string; run: () => unknown } },
  ) {
    try {
      const answer = await request(name, input)
      if (told) tell(told.text, told.action)
      return answer
    } catch (error) {
      tellFailure(error)
      return undefined
    }
  }

  return {
    active,
    extend: (steps: number) =>
      carryOut(
        'run.extend',
        { runIds: runs.value.map(({ id }) => id), steps },
        { text: `Extended by ${formatCount(steps)} steps.` },
      ),
    rerun: async () => {
      const submission = await carryOut('run.rerun', { runIds: runs.value.map(({ id }) => id) })
      if (!submission) return
      await router.push({ name: 'run', params: { runId: submission.runIds[0] } })
      tell('Running again, with the same seeds. Provenance says whether the bits agree.')
    },
    rename: (runId: string, name: string) => carryOut('run.rename', { runId, name }, { text: 'Renamed.' }),
    discard: async () => {
      const runIds = runs.value.map(({ id }) => id)
      if (await moveRuns(runIds, 'bin')) await router.push({ name: 'runs' })
    },
    save: async (runId: string, format: string, archive?: string) => {
      const file = await carryOut('run.export', { runId, format, archive })
      if (!file) return
      saveFile(file)
      await tellDamage({ runId, archive })
    },
    saveArchive: async () => {
      const file = await carryOut('archive.export', { runIds: runs.value.map(({ id }) => id) })
      if (file) saveFile(file)
    },
  }
}
