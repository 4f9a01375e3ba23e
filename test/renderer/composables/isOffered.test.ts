import { effectScope } from 'vue'
import { afterEach, expect, it, vi } from 'vitest'
import { isOffered, isOwnReadOnly } from '../../../src/renderer/composables/isOffered.ts'
import { useBoundKeys, useCommandPalette, useCommands, useKeys } from '../../../src/renderer/composables/useCommands.ts'

vi.mock('../../../src/renderer/lab.ts', () => ({ request: vi.fn() }))
const { runVerbs } = await import('../../../src/renderer/composables/runVerbs.ts')

afterEach(() => void (isOwnReadOnly.value = false))

it('leaves out of commands, keys and verbs of runs what changes an archive that is to be read only, and nothing else', () => {
  const run = vi.fn()
  const scope = effectScope()
  const press = scope.run(() => {
    useCommands([
      { group: 'Runs', label: 'Filter', keys: '/', run },
      { group: 'Runs', label: 'Open', sends: 'archive.open', run },
      { group: 'Runs', label: 'Import', keys: 'i', sends: 'archive.import', run },
    ])
    return useKeys('Queue', [
      { label: 'Cancel', keys: 'delete', sends: 'run.cancel', run },
      { label: 'Open', keys: 'enter', run },
    ])
  })!
  const shown = () => ({
    commands: useCommandPalette().commands.value.map(({ label }) => label),
    keys: useBoundKeys().value.map(({ label }) => label),
    verbs: runVerbs([{ id: 'a', status: 'running', code: null }]).map(({ name }) => name),
    offered: (['run.move', 'run.list', 'liveMap.begin', 'liveMap.keep'] as const).filter(isOffered),
  })
  const whole = {
    commands: ['Filter', 'Open', 'Import'],
    keys: ['Filter', 'Import', 'Cancel', 'Open'],
    verbs: ['pause', 'cancel'],
    offered: ['run.move', 'run.list', 'liveMap.begin', 'liveMap.keep'],
  }
  expect(shown()).toEqual(whole)
  isOwnReadOnly.value = true
  expect(shown()).toEqual({
    commands: ['Filter', 'Open'],
    keys: ['Filter', 'Open'],
    verbs: [],
    offered: ['run.list', 'liveMap.begin'],
  })
  press({ key: 'Delete', preventDefault: vi.fn() } as unknown as KeyboardEvent)
  expect(run).not.toHaveBeenCalled()
  isOwnReadOnly.value = false
  expect(shown()).toEqual(whole)
  scope.stop()
})
