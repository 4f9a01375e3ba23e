import { contextBridge, ipcRenderer, webUtils } from 'electron'
import type { Transport } from '../shared/transport.ts'

type Listener = (data: never) => void
const listeners = new Map<unknown, Set<Listener>>()

ipcRenderer.on('event', (_, name: unknown, data: unknown) => {
  listeners.get(name)?.forEach((listener) => listener(data as never))
})

const transport: Transport = {
  request: (name, input) => ipcRenderer.invoke('request', name, input),
  on(event, listener) {
    const added: Listener = (data) => listener(data)
    listeners.set(event, (listeners.get(event) ?? new Set()).add(added))
    return () => void listeners.get(event)?.delete(added)
  },
}

contextBridge.exposeInMainWorld('grokscope', transport)
openDroppedArchives(transport)

/**
 * Opens archive files that a person drops on the window. Done here, in the preload's own world, because a page sees no
 * paths and is not given the means to ask for them.
 */
function openDroppedArchives(transport: Transport): void {
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

/** What opens shows in the page by itself, where it can be cancelled too; what does not is said here. */
async function openArchive(transport: Transport, path: string): Promise<void> {
  const result = await transport.request('archive.open', { path })
  if (!result.ok && result.error.code !== 'CANCELLED') window.alert(result.error.message)
}
