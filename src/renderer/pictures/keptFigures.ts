import { computed, readonly, ref, watch } from 'vue'
import type { KeptFigure as Kept, OwnFigureList } from '../../shared/contract/figures.ts'
import { LabError, toErrorRecord } from '../../shared/errors.ts'
import { newId, type Composition } from '../../shared/figures/composition.ts'
import { tryStep } from '../../shared/tryStep.ts'
import { isOffered, isOwnReadOnly } from '../composables/isOffered.ts'
import { keep, readKept } from '../composables/useKept.ts'
import { showFailure, showToast } from '../composables/useToasts.ts'
import { generation, on, request } from '../lab.ts'
import {
  draftNow,
  forgetDraft,
  isDraftKept,
  keepDraft,
  readDrafts,
  takeFormerFigures,
  type FigureDraft,
} from './figureDrafts.ts'

/** What became of a figure, if not by this page: null where it was deleted. */
export interface FigureChange {
  id: string
  figure: Composition | null
  /** What this page has made of it, which is a figure of its own from now on. */
  mine?: Composition
}

/** While one writes or drags, so much of it is one writing. */
const restMilliseconds = 400
const retryMilliseconds = 10_000
const tableName = 'figureOnTable'

type KeptFigure = Kept<Composition>

/** Those of the archive as the host told of them last, the newest first. */
let stored: readonly KeptFigure[] = []
/** Ids of those that this version does not understand. */
let others: readonly string[] = []
/** The path of the archive that has them; null until they were read. */
let archive: string | null = null
/** What is not in that archive yet, in the order in which it was begun. */
const drafts = new Map<string, FigureDraft>()
/** Those that were there before this page; another one may be at work on them. */
const found = new WeakSet<FigureDraft>()
const listeners = new Set<(change: FigureChange) => void>()
const waiting = ref(0)
const problem = ref<string | null>(null)
/** Ids of those that the browser has no room for. */
const roomless = ref<ReadonlySet<string>>(new Set())
/** Where the browser has no room for what is on the table. */
let table: string | null = null
const foreign = ref(0)
const areRead = ref(false)
const { promise, resolve } = Promise.withResolvers<void>()
let timer: ReturnType<typeof setTimeout> | undefined
let listTimer: ReturnType<typeof setTimeout> | undefined
let isSending = false

/** How many figures this browser has otherwise than the archive, and why they could not be written. */
export const figuresWaiting = readonly(waiting)
export const figuresProblem = readonly(problem)
/** Whether something is kept neither by the archive nor by this browser, and goes with the page. */
export const areFiguresAtRisk = computed(() => roomless.value.size > 0)
/** How many figures of the archive this version does not understand. */
export const figuresForeign = readonly(foreign)
/** Whether the archive's were read, or why they cannot be was told; then the promise resolves. */
export const areFiguresRead = readonly(areRead)
export const figuresRead: Promise<void> = promise

/** Reads the archive's figures, and writes to it what is done to them in this page, and was in an earlier one. */
export function followFigures(): void {
  const former = tryStep(takeFormerFigures, showFailure)
  if (former && onTable() === '') putOnTable(former.id)
  on('figure.changed', (change) => {
    if (!change) void readList()
    else take(change.id, change.kept as KeptFigure | null)
  })
  // Whether the archive can be changed is asked before this is.
  watch(generation, () => void readList(), { immediate: true })
  watch(isOwnReadOnly, sendSoon)
  addEventListener('pagehide', () => void sendFigures())
}

/** All figures in present names, the one on the table first, then the newest. */
export function readFigures(): Composition[] {
  const ofArchive = stored.map(({ figure }) => figure)
  const isStored = (id: string) => ofArchive.some((each) => each.id === id)
  const begun = [...drafts.values()].filter(({ id }) => !isStored(id)).reverse()
  const all = [
    ...begun.map(({ figure }) => figure),
    ...ofArchive.map((figure) => (drafts.has(figure.id) ? drafts.get(figure.id)!.figure : figure)),
  ].filter((figure) => figure !== null)
  const first = onTable()
  return [...all.filter(({ id }) => id === first), ...all.filter(({ id }) => id !== first)]
}

/** Panels from other views go into this one. */
export function putOnTable(id: string): void {
  table = null
  tryStep(
    () => keep(tableName, id),
    () => (table = id),
  )
}

function onTable(): string {
  return table ?? readKept(tableName, '', (kept) => typeof kept === 'string')
}

/** Puts a figure in the place of the one of its id, or beside the others. */
export function keepFigure(figure: Composition): void {
  if (JSON.stringify(figure) !== JSON.stringify(readFigures().find(({ id }) => id === figure.id)))
    put(figure.id, figure)
}

export function deleteFigure(id: string): void {
  if (!readFigures().some((each) => each.id === id)) return
  const draft = drafts.get(id)
  const isStored = stored.some(({ figure }) => figure.id === id)
  if (draft && draft.before === null && !isStored && !isSending) drop(draft)
  else put(id, null)
}

/** Tells of what other pages do to figures; returns the function that ends it. */
export function onFigureChange(listener: (change: FigureChange) => void): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Writes to the archive at once what it has not yet. */
export async function sendFigures(): Promise<void> {
  clearTimeout(timer)
  timer = undefined
  if (isSending || !canBeSent()) return
  isSending = true
  let failure: unknown
  for (const id of [...drafts.keys()]) {
    const draft = drafts.get(id)
    if (draft) await send(draft).catch((error: unknown) => (failure ??= error))
  }
  isSending = false
  note(failure)
  sendSoon()
}

function sendSoon(): void {
  if (drafts.size > 0 && canBeSent())
    timer ??= setTimeout(() => void sendFigures(), problem.value === null ? restMilliseconds : retryMilliseconds)
}

function canBeSent(): boolean {
  return archive !== null && isOffered('figure.write')
}

async function send(draft: FigureDraft): Promise<void> {
  const { id, figure, before } = draft
  const to = archive!
  try {
    const kept = figure
      ? { figure, revision: (await request('figure.write', { figure, before, archive: to })).revision }
      : await request('figure.remove', { id, before, archive: to })
    if (archive === to) settle(draft, kept)
    // Meanwhile another host has come with another archive.
    else if (drafts.get(id) === draft) drop(draft)
    else forgetDraft(draft)
  } catch (error) {
    if (!(error instanceof LabError) || error.code !== 'CONFLICT') throw error
    takeList((await request('figure.list', {})) as OwnFigureList<Composition>)
    const now = drafts.get(id)
    if (now && archive === to) part(now)
  }
}

/** The archive has it. */
function settle(draft: FigureDraft, kept: KeptFigure | null): void {
  store(draft.id, kept)
  const now = drafts.get(draft.id)
  if (now === draft) drop(draft)
  // Meanwhile one went on.
  else if (now) {
    forgetDraft(now)
    hold({ ...now, archive, before: kept?.revision ?? null })
  }
}

/** Of a figure that another page changed or deleted since it was read: what this page has done stays, and so does what the other has. */
function part(draft: FigureDraft): void {
  const { id, figure } = draft
  const theirs = stored.find((kept) => kept.figure.id === id)?.figure ?? null
  const isTaken = theirs !== null || others.includes(id)
  const isOfAnother = found.has(draft) && !isDraftKept(draft)
  if (!figure || isOfAnother) {
    drop(draft)
    tell({ id, figure: theirs })
    if (!isOfAnother && theirs) showToast(`${nameOf(theirs)} was changed in another window, and is not deleted.`)
  } else if (isTaken) {
    const mine = { ...figure, id: newId(), name: freeName(figure.name) }
    put(mine.id, mine)
    drop(draft)
    if (onTable() === id) putOnTable(mine.id)
    tell({ id, figure: theirs, mine })
    showToast(`${nameOf(figure)} was changed in another window; your version is kept as ${mine.name}.`)
  } else {
    hold(draftNow({ id, archive, figure, before: null }))
    showToast(`${nameOf(figure)} was deleted in another window; your version is kept.`)
  }
}

/** As it is called with the next number that no figure has. */
function freeName(name: string): string {
  const names = new Set(readFigures().map((figure) => figure.name))
  const stem = (name.replace(/ \(\d+\)$/, '') || 'untitled').slice(0, 900)
  let number = 2
  while (names.has(`${stem} (${number})`)) number++
  return `${stem} (${number})`
}

function nameOf({ name }: Composition): string {
  return name || 'An untitled figure'
}

async function readList(): Promise<void> {
  clearTimeout(listTimer)
  listTimer = undefined
  try {
    takeList((await request('figure.list', {})) as OwnFigureList<Composition>)
    if (drafts.size === 0) note(undefined)
    sendSoon()
  } catch (error) {
    note(error)
    listTimer ??= setTimeout(() => void readList(), retryMilliseconds)
  } finally {
    areRead.value = true
    resolve()
  }
}

function takeList(list: OwnFigureList<Composition>): void {
  const shownBefore = new Map(readFigures().map((figure) => [figure.id, figure]))
  if (list.archive !== archive) takeDrafts(list.archive)
  const before = new Map(stored.map((kept) => [kept.figure.id, kept]))
  stored = list.figures.map((kept) => {
    const known = before.get(kept.figure.id)
    return known?.revision === kept.revision ? known : kept
  })
  others = list.others
  foreign.value = others.length
  const shown = new Map(readFigures().map((figure) => [figure.id, figure]))
  // The last told of comes first.
  for (const id of [...new Set([...shownBefore.keys(), ...shown.keys()])].reverse()) {
    if (shownBefore.get(id) !== shown.get(id)) tell({ id, figure: shown.get(id) ?? null })
  }
}

/** In the place of those of another archive, which stay in the browser. */
function takeDrafts(path: string): void {
  archive = path
  const ofNone = [...drafts.values()].filter((draft) => draft.archive === null)
  drafts.clear()
  roomless.value = new Set(ofNone.map(({ id }) => id).filter((id) => roomless.value.has(id)))
  for (const draft of readDrafts(path)) {
    drafts.set(draft.id, draft)
    found.add(draft)
  }
  for (const draft of ofNone) drafts.set(draft.id, draft)
  waiting.value = drafts.size
}

/** What the host tells of one. */
function take(id: string, kept: KeptFigure | null): void {
  if (stored.find(({ figure }) => figure.id === id)?.revision === kept?.revision) return
  store(id, kept)
  if (!drafts.has(id)) tell({ id, figure: kept?.figure ?? null })
}

function store(id: string, kept: KeptFigure | null): void {
  const isThere = stored.some(({ figure }) => figure.id === id)
  if (kept) stored = isThere ? stored.map((each) => (each.figure.id === id ? kept : each)) : [kept, ...stored]
  else stored = stored.filter(({ figure }) => figure.id !== id)
}

function tell(change: FigureChange): void {
  for (const listener of [...listeners]) listener(change)
}

function put(id: string, figure: Composition | null): void {
  const known = drafts.get(id)
  const revision = stored.find((kept) => kept.figure.id === id)?.revision
  hold(
    draftNow({
      id,
      archive: known ? known.archive : archive,
      figure,
      before: known ? known.before : (revision ?? null),
    }),
  )
  sendSoon()
}

function hold(draft: FigureDraft): void {
  drafts.set(draft.id, draft)
  waiting.value = drafts.size
  tryStep(
    () => {
      keepDraft(draft)
      setRoomless(draft.id, false)
    },
    (error) => {
      // Else the archive will have it in a moment.
      const isTold = areFiguresAtRisk.value || (canBeSent() && problem.value === null)
      setRoomless(draft.id, true)
      if (!isTold) showFailure(error)
    },
  )
}

function setRoomless(id: string, isRoomless: boolean): void {
  const others = [...roomless.value].filter((each) => each !== id)
  roomless.value = new Set(isRoomless ? [...others, id] : others)
}

function drop(draft: FigureDraft): void {
  drafts.delete(draft.id)
  waiting.value = drafts.size
  setRoomless(draft.id, false)
  forgetDraft(draft)
}

/** What is tried again and again is told once. */
function note(failure: unknown): void {
  const text = failure === undefined ? null : toErrorRecord(failure).message
  if (text !== null && text !== problem.value) showFailure(failure)
  problem.value = text
}
