import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { annotateRun } from '../../composables/runActions.ts'
import { forget, keep, readKept } from '../../composables/useKept.ts'
import type { RunContext } from './useRun.ts'

/** Notes that the host does not have yet, with what they are written from. */
interface UnsentNotes {
  written: string
  before: string
}

/** The saves that the host has not answered yet, by run, with what the next one of that run is written from. */
const saving = new Map<string, Promise<string>>()

/**
 * The notes of the run that is shown, as a person writes them. They are sent when asked, and when another run or view takes the place of
 * this one; until the host has them this browser keeps them, also where the page goes, and sends them when the run is shown again.
 */
export function useNotes({ detail, readOnly }: Pick<RunContext, 'detail' | 'readOnly'>): {
  notes: Ref<string>
  save: () => Promise<void>
} {
  const notes = ref('')
  let shown: string | undefined
  /** What the notes are written from. */
  let before = ''

  watch(notes, remember, { flush: 'sync' })
  watch(
    () => [detail.value?.id, detail.value?.notes ?? ''] as const,
    ([id, read]) => {
      if (id !== shown) show(id, read)
      // What is being written is not lost to what is read anew.
      else if (notes.value === before) notes.value = before = read
    },
    { immediate: true },
  )
  onScopeDispose(() => show(undefined))

  function show(id: string | undefined, read = '') {
    void save()
    shown = id
    const unsent = id === undefined || readOnly.value ? null : readUnsent(id)
    before = unsent?.before ?? read
    notes.value = unsent?.written ?? read
    if (unsent) void save()
  }

  function remember() {
    if (shown === undefined || readOnly.value) return
    if (notes.value === before) forget(nameOf(shown))
    else keep(nameOf(shown), { written: notes.value, before } satisfies UnsentNotes)
  }

  /** What is there now of this run, also where another is shown by the time that it is sent: one save of a run after the other. */
  async function save() {
    const [id, written] = [shown, notes.value]
    if (id === undefined || readOnly.value) return
    const own = (saving.get(id) ?? Promise.resolve(before)).then((from) => send(id, written, from))
    saving.set(id, own)
    await own
    if (saving.get(id) === own) saving.delete(id)
  }

  /** Answers with what is written on from. What is read of the run is not read again for them. */
  async function send(id: string, written: string, from: string): Promise<string> {
    const kept = written === from ? from : await annotateRun(id, written, from)
    if (kept === null) return from
    if (shown === id) {
      // Where more was written meanwhile, that does not have what another window wrote.
      if (notes.value === written) notes.value = before = kept
      else if (notes.value !== before) before = written
      remember()
    } else if (readUnsent(id)?.written === written) forget(nameOf(id))
    if (written !== from && detail.value?.id === id) detail.value = { ...detail.value, notes: kept }
    return written
  }

  return { notes, save }
}

const nameOf = (runId: string) => `notes.${runId}`

function readUnsent(runId: string): UnsentNotes | null {
  return readKept<UnsentNotes | null>(nameOf(runId), null, (kept) => {
    const { written, before } = kept as Partial<UnsentNotes>
    return typeof written === 'string' && typeof before === 'string'
  })
}
