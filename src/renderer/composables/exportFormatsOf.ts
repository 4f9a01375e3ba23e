import { shallowRef, watch } from 'vue'
import type { ExportFormatWords } from '../../shared/contract/runs.ts'
import type { RunSummary } from '../../shared/run.ts'
import { generation, request } from '../lab.ts'

const formats = shallowRef<readonly ExportFormatWords[]>([])

/** Asks for them as the window opens: a menu keeps the lines that it was opened with. */
export function followExportFormats(): void {
  watch(generation, read, { immediate: true })
}

/** The files that the host can save a run as. */
export function exportFormatsOf({ facets }: RunSummary): readonly ExportFormatWords[] {
  return formats.value.filter(({ needs }) => needs === undefined || facets[needs] !== undefined)
}

async function read(): Promise<void> {
  // Without an answer there is nothing to save with; the banner tells that the host is away, and it is asked again.
  formats.value = await request('run.exportFormats', {}).catch(() => formats.value)
}
