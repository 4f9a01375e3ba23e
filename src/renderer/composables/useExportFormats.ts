import { effectScope, shallowRef, watch, type Ref } from 'vue'
import type { ExportFormatWords } from '../../shared/contract.ts'
import { generation, request } from '../lab.ts'

const formats = shallowRef<readonly ExportFormatWords[]>([])
let asked = false

/** The files that the host can save a run as. */
export function useExportFormats(): Readonly<Ref<readonly ExportFormatWords[]>> {
  if (!asked) {
    asked = true
    // Whoever asks first may leave the page before the others.
    effectScope(true).run(() => watch(generation, read, { immediate: true }))
  }
  return formats
}

async function read(): Promise<void> {
  // Without an answer there is nothing to save with; the banner tells that the host is away, and it is asked again.
  formats.value = await request('run.exportFormats', {}).catch(() => formats.value)
}
