import { useRouter } from 'vue-router'
import type { Comparison } from '../../../shared/curves/comparison.ts'

/** Leads from a comparison to one of its runs, in the archive that has it. */
export function useOpenRun(comparison: () => Comparison): (runId: string) => void {
  const router = useRouter()
  return (runId) => {
    const { archive } = comparison()
    void router.push({ name: 'run', params: { runId }, query: archive === undefined ? {} : { archive } })
  }
}
