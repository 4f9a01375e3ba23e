import { expect, it, vi } from 'vitest'
import { askAboutRuns } from '../../../src/main/desktop/dialogs.ts'
import { createElectron } from '../../support/electron.ts'

const electron = vi.hoisted(() => ({ module: {} as ReturnType<typeof createElectron>['module'] }))
vi.mock('electron', () => ({
  get BrowserWindow() {
    return electron.module.BrowserWindow
  },
  get dialog() {
    return electron.module.dialog
  },
}))

/** What is asked of runs, and what each button comes to. */
async function asked(active: number, goingOn: number) {
  const { module, seen, start, answer } = createElectron({})
  electron.module = module
  await start()
  await askAboutRuns(active, goingOn)
  const [question] = seen.questions
  const choices: string[] = []
  for (const place of question!.buttons!.keys()) {
    answer.question = place
    choices.push(await askAboutRuns(active, goingOn))
  }
  const { message, detail, buttons, cancelId } = question!
  return { message, detail, buttons, cancels: choices[cancelId!], choices }
}

it('who quits while runs go on may let them, keep them or stay', async () => {
  const { message, buttons, cancels, choices } = await asked(3, 3)
  expect({ message, buttons, cancels, choices }).toEqual({
    message: '3 runs are active.',
    buttons: ['Keep running until done', 'Stop and keep', 'Cancel'],
    cancels: 'cancel',
    choices: ['keepRunning', 'stopAndKeep', 'cancel'],
  })
  expect((await asked(3, 2)).detail).toContain('after the last one; one that is paused can then be resumed.')
})

it('running on is not offered where none goes on', async () => {
  const { message, detail, buttons, cancels, choices } = await asked(1, 0)
  expect({ message, buttons, cancels, choices }).toEqual({
    message: 'A run is paused.',
    buttons: ['Stop and keep', 'Cancel'],
    cancels: 'cancel',
    choices: ['stopAndKeep', 'cancel'],
  })
  expect(detail).not.toContain('Keep running')
})
