import { contextBridge, ipcRenderer } from 'electron'
import type { Transport } from '../shared/transport.ts'
import { openDroppedArchives } from './openDroppedArchives.ts'

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
