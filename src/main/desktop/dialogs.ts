import { BrowserWindow, dialog, type MessageBoxOptions, type OpenDialogOptions } from 'electron'
import { errorAdvice, type ErrorRecord } from '../../shared/errors.ts'
import { printableLines } from '../../shared/printable.ts'
import type { HostDialogs } from '../services/laboratory.ts'
import type { QuitChoice } from './quitGuard.ts'

/** The system's own dialogs, each a sheet of the window where there is one; of a window that is hidden it would not be seen. */

export const chooseArchive: HostDialogs['chooseArchive'] = () => {
  const options: OpenDialogOptions = {
    title: 'Open archive',
    properties: ['openFile'],
    filters: [
      { name: 'Grokscope archives', extensions: ['grokscope'] },
      { name: 'All files', extensions: ['*'] },
    ],
  }
  return choose(options)
}

export const chooseFolder: HostDialogs['chooseFolder'] = () =>
  choose({ title: 'Folder of a sweep', properties: ['openDirectory', 'createDirectory'] })

async function choose(options: OpenDialogOptions) {
  const [window] = BrowserWindow.getAllWindows()
  const { filePaths } = await (window ? dialog.showOpenDialog(window, options) : dialog.showOpenDialog(options))
  return { path: filePaths[0] ?? null, hasDialog: true }
}

const buttonOf: Readonly<Record<QuitChoice, string>> = {
  keepRunning: 'Keep running until done',
  stopAndKeep: 'Stop and keep',
  cancel: 'Cancel',
}

/** Where none goes on, there is no last one after which to quit, and running on is not offered. */
export async function askAboutRuns(activeRuns: number, goingOn: number): Promise<QuitChoice> {
  const choices: QuitChoice[] = [...(goingOn > 0 ? (['keepRunning'] as const) : []), 'stopAndKeep', 'cancel']
  const whole = activeRuns === 1 ? 'A run is' : `${activeRuns} runs are`
  const still = activeRuns - goingOn
  const keepRunning =
    'Keep running: the window closes, the runs continue, and Grokscope quits after the last one' +
    (still > 0
      ? `; ${still === 1 ? 'one' : still} that ${still === 1 ? 'is' : 'are'} paused can then be resumed.`
      : '.')
  const stopAndKeep =
    'Stop and keep: each run stops at a checkpoint and can be resumed; those that wait, and sweeps whose runs are being ' +
    'collected, continue at the next start.'
  const options: MessageBoxOptions = {
    type: 'question',
    message: goingOn > 0 ? `${whole} active.` : `${whole} paused.`,
    detail: goingOn > 0 ? `${keepRunning}\n${stopAndKeep}` : stopAndKeep,
    buttons: choices.map((choice) => buttonOf[choice]),
    defaultId: 0,
    cancelId: choices.length - 1,
    noLink: true,
  }
  const window = BrowserWindow.getAllWindows().find((each) => each.isVisible())
  const { response } = await (window ? dialog.showMessageBox(window, options) : dialog.showMessageBox(options))
  return choices[response] ?? 'cancel'
}

/** Tells what the page cannot, such as an error of a window that shows nothing else; the program goes on beneath it. */
export async function showMessage(
  window: BrowserWindow,
  message: string,
  detail: string,
  type: 'error' | 'info' = 'error',
): Promise<void> {
  await dialog.showMessageBox(window, { type, message, detail, buttons: ['OK'], noLink: true })
}

/** An error that no page can show: what happened, and what to do about it. */
export function showError(title: string, { code, message }: ErrorRecord): void {
  dialog.showErrorBox(title, `${printableLines(message)}\n\n${errorAdvice[code]}`)
}
