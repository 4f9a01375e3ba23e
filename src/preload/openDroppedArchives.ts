import { webUtils } from 'electron'
import type { Transport } from '../shared/transport.ts'

/**
 * Opens archive files that a person drops on the window. Done here, in the preload's own world, because a page sees no
 * paths and is not given the means to ask for them.
 */
export function openDroppedArchives(transport: Transport): void {
  window.addEventListener('dragover', (event) => {
    if (event.dataTransfer?.types.includes('Files')) event.preventDefault()
  })
  window.addEventListener('drop', (event) => {
    const files = [...(event.dataTransfer?.files ?? [])]
    if (!event.isTrusted || files.length === 0) return
    event.preventDefault()
    for (const file of files) void openArchive(transport, webUtils.getPathForFile(file))
  })
}

/** What opens shows in the page by itself; what does not is said here. */
async function openArchive(transport: Transport, path: string): Promise<void> {
  const result = await transport.request('archive.open', { path })
  if (!result.ok) window.alert(result.error.message)
}
