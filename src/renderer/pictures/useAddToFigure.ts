import { useRouter } from 'vue-router'
import type { PanelLook } from '../../shared/figures/look.ts'
import type { PanelSource } from '../../shared/figures/sources/sources.ts'
import { plainText } from '../../shared/formatting/setSymbols.ts'
import { withFailureToast } from '../composables/runActions.ts'
import { showToast } from '../composables/useToasts.ts'
import { addToFigure } from './addToFigure.ts'

/** Puts what is looked at into the figure that is on the table, and offers to open that. */
export function useAddToFigure(): (source: PanelSource, title: string, look?: PanelLook) => Promise<void> {
  const router = useRouter()
  return async (source, title, look) => {
    await withFailureToast(async () => {
      const { id, name } = await addToFigure(source, look)
      const open = () => router.push({ name: 'figures', query: { figure: id } })
      showToast(`${plainText(title)} is added to ${name || 'an untitled figure'}.`, { label: 'Open', run: open })
    })
  }
}
