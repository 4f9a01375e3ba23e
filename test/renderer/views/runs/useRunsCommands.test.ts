import { effectScope, shallowRef } from 'vue'
import { expect, it, vi } from 'vitest'
import { useCommandPalette } from '../../../../src/renderer/composables/useCommands.ts'

vi.mock('../../../../src/renderer/lab.ts', () => ({ request: vi.fn() }))
const { useRunsCommands } = await import('../../../../src/renderer/views/runs/useRunsCommands.ts')

it('puts the chosen runs into the bin with Delete, where there are some and they are not there yet', () => {
  const selected = shallowRef<string[]>([])
  const canBin = shallowRef(true)
  const bin = vi.fn()
  const scope = effectScope()
  scope.run(() =>
    useRunsCommands({
      table: { selection: { selected }, lineAt: () => undefined } as never,
      filter: vi.fn(),
      open: vi.fn(),
      canBin: () => canBin.value,
      bin,
      openArchive: vi.fn(),
      importArchive: vi.fn(),
    }),
  )
  const command = useCommandPalette().commands.value.find(({ keys }) => keys === 'delete')!
  expect(command.enabled!()).toBe(false)
  selected.value = ['a', 'b']
  expect(command.enabled!()).toBe(true)
  void command.run()
  expect(bin).toHaveBeenCalledWith(['a', 'b'])
  canBin.value = false
  expect(command.enabled!()).toBe(false)
  scope.stop()
})
