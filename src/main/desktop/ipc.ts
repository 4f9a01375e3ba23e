import { ipcMain, type BrowserWindow, type WebFrameMain } from 'electron'
import type { Result } from '../../shared/errors.ts'
import type { ClientWatch } from '../services/clientWatch.ts'
import { dispatch } from '../services/dispatch.ts'
import type { Laboratory } from '../services/laboratory.ts'
import type { Log } from '../services/logToStandardError.ts'

/** Answers requests of the page at `address`; a frame inside it, or a page from elsewhere, is turned away. */
export function answerRequests({ handlers }: Pick<ClientWatch, 'handlers'>, address: string, log: Log): void {
  ipcMain.handle('request', async ({ senderFrame }, name: unknown, input: unknown): Promise<Result<unknown>> => {
    if (isPage(senderFrame, address)) return dispatch(handlers, name, input, log)
    const message = `requests come from ${address} only, not from ${senderFrame?.origin ?? 'a page that is gone'}`
    return { ok: false, error: { code: 'UNAUTHORIZED', message } }
  })
}

/** Passes on to the page what it watches of every host event. */
export function sendEvents(
  laboratory: Pick<Laboratory, 'subscribe'>,
  { select }: Pick<ClientWatch, 'select'>,
  window: BrowserWindow,
): void {
  laboratory.subscribe((name, data) => {
    const told = select(name, data)
    if (told !== undefined && !window.isDestroyed()) window.webContents.send('event', name, told)
  })
}

function isPage(frame: WebFrameMain | null, address: string): boolean {
  return frame !== null && frame.parent === null && `${frame.origin}/` === address
}
