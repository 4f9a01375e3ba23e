import { effectScope, type EffectScope } from 'vue'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { useToasts } from '../../../../src/renderer/composables/useToasts.ts'
import { useArchives } from '../../../../src/renderer/views/runs/useArchives.ts'
import type { OpenArchive } from '../../../../src/shared/contract/archives.ts'
import { host } from '../../../support/fakeLab.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

const { toasts } = useToasts(() => true)
const path = '/other/runs.grokscope'
const opened: OpenArchive = { id: 'archive-1', path, runs: 2, failure: null }
/** What the host's answers lead to; none of it waits for a clock. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

let scope: EffectScope
beforeEach(() => {
  host.forget()
  scope = effectScope()
})
afterEach(() => scope.stop())

describe('an archive that is imported', () => {
  it.each([
    ['is closed after that', [], 1],
    ['stays open where it was open before', [opened], 0],
  ] as const)('%s', async (_, before, closed) => {
    const archives = scope.run(() => useArchives(() => undefined))!
    const over = archives.chooseAndImport()
    host.last('archive.choose').answer({ path, hasDialog: true })
    await settle()
    host.last('archive.list').answer([...before])
    await settle()
    expect(host.last('archive.open').input).toEqual({ path })
    host.last('archive.open').answer(opened)
    await settle()
    expect(host.last('archive.import').input).toEqual({ archive: opened.id })
    const figures = { figures: 1, figuresDiffering: 1, figuresWithoutRoom: 2 }
    host.last('archive.import').answer({ imported: 2, alreadyPresent: 0, refused: [], ...figures })
    await settle()
    expect(toasts.value.slice(-2).map(({ text }) => text)).toEqual([
      '2 runs imported, with 1 figure',
      '1 figure was not imported: here in another form; 2 figures were not imported: an archive has no room for more figures',
    ])
    expect(host.requested('archive.close').map(({ input }) => input)).toEqual(
      Array.from({ length: closed }, () => ({ archive: opened.id })),
    )
    for (const asked of host.requested('archive.close')) asked.answer(null)
    await over
  })
})
