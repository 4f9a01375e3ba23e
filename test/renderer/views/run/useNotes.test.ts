import { effectScope, nextTick, shallowRef, type EffectScope, type Ref } from 'vue'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { ownPath } from '../../../../src/renderer/composables/followOwnArchive.ts'
import { useNotes } from '../../../../src/renderer/views/run/useNotes.ts'
import type { RunContext } from '../../../../src/renderer/views/run/useRun.ts'
import type { CheckedRun } from '../../../../src/shared/run.ts'
import { LabError } from '../../../../src/shared/errors.ts'
import { host } from '../../../support/fakeLab.ts'
import { fakeStorage } from '../../../support/fakeStorage.ts'
import { runSummary } from '../../../support/runSummary.ts'

vi.mock('../../../../src/renderer/lab.ts', () => import('../../../support/fakeLab.ts'))

let stored: Storage
let isFull = false
let scopes: EffectScope[] = []
beforeEach(() => {
  host.forget()
  isFull = false
  stored = fakeStorage(() => isFull)
  ownPath.value = '/a.grokscope'
  vi.stubGlobal('localStorage', stored)
})
afterEach(() => {
  for (const scope of scopes) scope.stop()
  scopes = []
  vi.unstubAllGlobals()
})

const runOf = (id: string, notes = '') => ({ ...runSummary({ id }), notes }) as CheckedRun
const sent = () => host.requested('run.annotate').map(({ input }) => [input['runId'], input['notes'], input['before']])
const settled = () => new Promise((resolve) => setTimeout(resolve))

/** The notes of a run in a view of its own. */
function open(run: CheckedRun, isReadOnly = false) {
  const scope = effectScope()
  scopes.push(scope)
  const detail: Ref<CheckedRun | null> = shallowRef(run)
  const readOnly = shallowRef(isReadOnly) as unknown as RunContext['readOnly']
  const { notes, isWritable, save } = scope.run(() => useNotes({ detail, readOnly }))!
  return { detail, notes, isWritable, save, leave: () => scope.stop() }
}

async function answer(notes: string) {
  host.last('run.annotate').answer({ notes })
  await settled()
}

it('notes that are being written are sent where their view is left', async () => {
  const { notes, leave } = open(runOf('a', 'old'))
  notes.value = 'old and new'
  expect(sent()).toEqual([])
  leave()
  await settled()
  expect(sent()).toEqual([['a', 'old and new', 'old']])
  await answer('old and new')
  expect(stored.length).toBe(0)
})

it('notes that the browser has no room for are sent all the same, and none that it kept before', async () => {
  const { notes, save } = open(runOf('a', 'old'))
  notes.value = 'older'
  expect(stored.length).toBe(1)
  isFull = true
  notes.value = 'newest'
  expect(stored.length).toBe(0)
  void save()
  await settled()
  expect(sent()).toEqual([['a', 'newest', 'old']])
  await answer('newest')
})

it('notes that are being written are sent of their run where another takes its place', async () => {
  const { detail, notes } = open(runOf('a'))
  notes.value = 'of a'
  detail.value = null
  await nextTick()
  detail.value = runOf('b', 'of b')
  await settled()
  expect(notes.value).toBe('of b')
  expect(sent()).toEqual([['a', 'of a', '']])
  await answer('of a')
  expect(notes.value).toBe('of b')
  expect(stored.length).toBe(0)
})

it('notes that the host never had are there when their run is shown again, and sent then', async () => {
  // The page goes without a word.
  open(runOf('a', 'old')).notes.value = 'unsent'
  scopes = []
  const { notes } = open(runOf('a', 'old, changed elsewhere'))
  expect(notes.value).toBe('unsent')
  await settled()
  expect(sent()).toEqual([['a', 'unsent', 'old']])
  await answer('old, changed elsewhere\n\nunsent')
  expect(notes.value).toBe('old, changed elsewhere\n\nunsent')
  expect(stored.length).toBe(0)
  expect(open(runOf('b')).notes.value).toBe('')
})

it('notes that the host refuses are kept until it takes them', async () => {
  const { notes, save, leave } = open(runOf('a'))
  notes.value = 'refused'
  void save()
  await settled()
  host.last('run.annotate').refuse(new LabError('DISK_FULL', 'no room'))
  await settled()
  expect(notes.value).toBe('refused')
  leave()
  await settled()
  host.last('run.annotate').refuse(new LabError('DISK_FULL', 'no room'))
  await settled()
  const again = open(runOf('a'))
  expect(again.notes.value).toBe('refused')
  await settled()
  await answer('refused')
  expect(sent()).toEqual(Array.from({ length: 3 }, () => ['a', 'refused', '']))
  expect(stored.length).toBe(0)
})

it('what is read of a run takes the place of its notes, but not of what is being written', async () => {
  const { detail, notes } = open(runOf('c', 'one'))
  detail.value = runOf('c', 'two')
  await nextTick()
  expect(notes.value).toBe('two')
  notes.value = 'two and a half'
  detail.value = runOf('c', 'three')
  await nextTick()
  expect(notes.value).toBe('two and a half')
})

it('what is written while the notes are on their way is written from what was sent', async () => {
  const { notes, save } = open(runOf('a'))
  notes.value = 'first'
  void save()
  await settled()
  notes.value = 'first, second'
  void save()
  await settled()
  expect(sent()).toEqual([['a', 'first', '']])
  await answer('first')
  expect(sent().at(-1)).toEqual(['a', 'first, second', 'first'])
  await answer('first, second')
  expect(stored.length).toBe(0)
})

it('of an archive that is only looked at nothing is written, nor taken from what was written of its runs in one’s own', async () => {
  open(runOf('d')).notes.value = 'unsent'
  scopes = []
  const { notes, leave } = open(runOf('d', 'there'), true)
  expect(notes.value).toBe('there')
  leave()
  await settled()
  expect(sent()).toEqual([])
  expect(stored.length).toBe(1)
})

it('notes can be written once they are read and it is known of which archive, and never in one that is only looked at', async () => {
  ownPath.value = null
  const [own, foreign] = [open(runOf('a', 'old')), open(runOf('a', 'old'), true)]
  const writable = async () => {
    await nextTick()
    return [own, foreign].map(({ isWritable }) => isWritable.value)
  }
  expect(await writable()).toEqual([false, false])
  ownPath.value = '/a.grokscope'
  expect(await writable()).toEqual([true, false])
  // Another run is shown, which is being read.
  own.detail.value = null
  expect(await writable()).toEqual([false, false])
  own.detail.value = runOf('b', 'of b')
  expect([await writable(), own.notes.value]).toEqual([[true, false], 'of b'])
})

it('unsent notes are of their archive: another one that has a copy of the run is not sent them, nor shown them', async () => {
  const { detail, notes, leave } = open(runOf('a', 'old'))
  notes.value = 'of a'
  // The same address serves another archive now.
  ownPath.value = '/b.grokscope'
  detail.value = runOf('a', 'of the copy')
  await settled()
  expect(notes.value).toBe('of the copy')
  leave()
  const copy = open(runOf('a', 'of the copy'))
  expect(copy.notes.value).toBe('of the copy')
  copy.leave()
  await settled()
  expect(sent()).toEqual([])
  ownPath.value = null
  const again = open(runOf('a', 'old'))
  ownPath.value = '/a.grokscope'
  await settled()
  expect(again.notes.value).toBe('of a')
  expect(sent()).toEqual([['a', 'of a', 'old']])
  await answer('of a')
  expect(stored.length).toBe(0)
})
