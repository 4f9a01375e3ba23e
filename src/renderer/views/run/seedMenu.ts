import type { RunSummary } from '../../../shared/run.ts'
import type { MenuItem } from '../../components/DropMenu.vue'
import { rerunVerb, runVerbs } from '../../composables/runVerbs.ts'

interface Place {
  readOnly: boolean
  /** Whether a newer version made it. */
  isNewer: boolean
  /** Shows a run in the place of the one that is shown. */
  open: (runId: string) => unknown
  /** Shows one that was begun from here. */
  openNew: (runId: string) => unknown
}

/** What can be done with one run of those shown together. */
export function seedMenu(run: RunSummary, { readOnly, isNewer, open, openNew }: Place): (MenuItem | null)[] {
  const look: MenuItem = { label: 'Open', run: () => open(run.id) }
  const verbs: MenuItem[] = readOnly
    ? []
    : [...runVerbs([run], { isNewer: () => isNewer }), ...(isNewer ? [] : [rerunVerb([run], openNew)])]
  return verbs.length > 0 ? [look, null, ...verbs] : [look]
}
