import { nextTick, ref, watch } from 'vue'
import { expect, it, vi } from 'vitest'

it('what is read anew when events were lost is read only then, or when it is something else', async () => {
  vi.stubGlobal('window', { grokscope: { request: vi.fn(), on: vi.fn() } })
  const { generation } = await import('../../src/renderer/lab.ts')
  vi.unstubAllGlobals()
  const [list, read] = [ref(['a']), vi.fn()]
  watch([() => list.value.join(), generation], read)
  list.value = ['a']
  await nextTick()
  expect(read).not.toHaveBeenCalled()
  generation.value++
  await nextTick()
  expect(read).toHaveBeenCalledOnce()
})
