import { computed, onScopeDispose, ref, shallowRef, watch, type ComputedRef, type Ref } from 'vue'
import { tryStep } from '../../../shared/tryStep.ts'
import { ownPath } from '../../composables/followOwnArchive.ts'
import { annotateRun } from '../../composables/runActions.ts'
import { forget, keep, readKept } from '../../composables/useKept.ts'
import type { RunContext } from './useRun.ts'

/** Notes that the host does not have yet, with what they are written from. */
interface UnsentNotes {
  written: string
  before: string
}

/** A run and the path of the archive that it is in: copies of a run, in several archives, have one id. */
interface Place {
  id: string
  archive: string
}

/** The saves that the host has not answered yet, by name of what is kept, with what the next one of that run is written from. */
const saving = new Map<string, Promise<string>>()

/**
 * The notes of the run that is shown, as a person writes them. They are sent when asked, and when another run or view takes the place of
 * this one; until the host has them this browser keeps them, also where the page goes, and sends them when the run is shown again in the
 * archive that they were written in.
 */
export function useNotes({ detail, readOnly }: Pick<RunContext, 'detail' | 'readOnly'>): {
  notes: Ref<string>
  /** Not before they have been read, of a known archive: what was written until then would go with what is read. */
  isWritable: ComputedRef<boolean>
  save: () => Promise<void>
} {
  const notes = ref('')
  const shown = shallowRef<Place>()
  const isWritable = computed(() => !readOnly.value && shown.value !== undefined)
  /** What the notes are written from. */
  let before = ''

  watch(notes, remember, { flush: 'sync' })
  watch(
    () => [detail.value?.id, ownPath.value, detail.value?.notes ?? ''] as const,
    ([id, archive, read]) => {
      if (id !== shown.value?.id || archive !== (shown.value?.archive ?? null))
        show(id === undefined || archive === null ? undefined : { id, archive }, read)
      // What is being written is not lost to what is read anew.
      else if (notes.value === before) notes.value = before = read
    },
    { immediate: true },
  )
  onScopeDispose(() => show(undefined))

  function show(place: Place | undefined, read = '') {
    void save()
    shown.value = place
    const unsent = place === undefined || readOnly.value ? null : readUnsent(place)
    before = unsent?.before ?? read
    notes.value = unsent?.written ?? read
    if (unsent) void save()
  }

  function remember() {
    if (shown.value === undefined || readOnly.value) return
    const name = nameOf(shown.value)
    if (notes.value === before) return forget(name)
    tryStep(
      () => keep(name, { written: notes.value, before } satisfies UnsentNotes),
      // Where the browser has no room, what was kept before would be sent in the place of this.
      () => forget(name),
    )
  }

  /** What is there now of this run, also where another is shown by the time that it is sent: one save of a run after the other. */
  async function save() {
    const [place, written] = [shown.value, notes.value]
    if (place === undefined || readOnly.value) return
    const name = nameOf(place)
    const own = (saving.get(name) ?? Promise.resolve(before)).then((from) => send(place, written, from))
    saving.set(name, own)
    await own
    if (saving.get(name) === own) saving.delete(name)
  }

  /** Answers with what is written on from. What is read of the run is not read again for them. Another archive is sent nothing. */
  async function send(place: Place, written: string, from: string): Promise<string> {
    if (place.archive !== ownPath.value) return from
    const { id } = place
    const kept = written === from ? from : await annotateRun(id, written, from)
    if (kept === null) return from
    if (shown.value && nameOf(shown.value) === nameOf(place)) {
      // Where more was written meanwhile, that does not have what another window wrote.
      if (notes.value === written) notes.value = before = kept
      else if (notes.value !== before) before = written
      remember()
    } else if (readUnsent(place)?.written === written) forget(nameOf(place))
    if (written !== from && place.archive === ownPath.value && detail.value?.id === id)
      detail.value = { ...detail.value, notes: kept }
    return written
  }

  return { notes, isWritable, save }
}

const nameOf = ({ id, archive }: Place) => `notes.${id}.${archive}`

function readUnsent(place: Place): UnsentNotes | null {
  return readKept<UnsentNotes | null>(nameOf(place), null, (kept) => {
    const { written, before } = kept as Partial<UnsentNotes>
    return typeof written === 'string' && typeof before === 'string'
  })
}
