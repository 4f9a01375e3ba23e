import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { effectScope } from 'vue'
import { describe, expect, it, vi } from 'vitest'
import { useBoundKeys, useCommands, useKeys } from '../../../src/renderer/composables/useCommands.ts'

describe('the map of keys', () => {
  const bound = useBoundKeys()
  const listed = () => bound.value.map(({ group, label, keys }) => `${group}: ${label} (${keys})`)

  it('lists what is bound, by the record that binds it, for as long as it is', () => {
    const scope = effectScope()
    const run = vi.fn()
    const press = scope.run(() => {
      useCommands([
        { group: 'Runs', label: 'Filter', keys: '/', run },
        { group: 'Runs', label: 'Import', run },
      ])
      return useKeys('Filter', [
        { label: 'Complete', keys: 'tab', run },
        { label: 'Keep', keys: 'enter', enabled: () => false, run },
      ])
    })!
    expect(listed()).toEqual(['Runs: Filter (/)', 'Filter: Complete (tab)', 'Filter: Keep (enter)'])
    expect([pressed(press, 'Tab'), pressed(press, 'Enter'), pressed(press, 'x')]).toEqual([true, false, false])
    expect(run).toHaveBeenCalledOnce()
    scope.stop()
    expect(listed()).toEqual([])
  })

  it('can miss none: keys are listened to with such records, and in no other way', () => {
    const source = join(import.meta.dirname, '../../../src/renderer')
    const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(vue|ts)$/.test(path))
    const ofRecords = /^@keydown(?:\.self)?="(\w+)"/
    let controls = 0
    const others = files.flatMap((path) => {
      const text = readFileSync(join(source, path), 'utf8')
      const listening = text.match(/@key(?:down|up|press)\S*|addEventListener\(\s*'key\w+'|\bonkey\w+/g) ?? []
      const isOfRecords = (each: string) => {
        const name = ofRecords.exec(each)?.[1]
        return name !== undefined && new RegExp(`const ${name} = use(?:Chart)?Keys\\(`).test(text)
      }
      controls += listening.filter(isOfRecords).length
      const own = path === 'composables/useCommands.ts' ? ["addEventListener('keydown'"] : []
      return listening.filter((each) => !own.includes(each) && !isOfRecords(each)).map((each) => `${path}: ${each}`)
    })
    expect(others).toEqual([])
    expect(controls).toBeGreaterThan(3)
  })
})

/** Whether the key was taken. */
function pressed(press: (event: KeyboardEvent) => void, key: string): boolean {
  const event = { key, preventDefault: vi.fn() }
  press(event as unknown as KeyboardEvent)
  return event.preventDefault.mock.calls.length > 0
}
