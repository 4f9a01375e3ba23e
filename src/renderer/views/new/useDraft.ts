import { formatCount } from '../../../shared/formatting/formatNumber.ts'
import { computed, shallowRef, watch } from 'vue'
import { branchProblems, keptByBranch } from '../../../shared/branchProblems.ts'
import type { ExperimentSpec } from '../../../shared/experiment.ts'
import { presentName } from '../../../shared/formerNames.ts'
import { useKept } from '../../composables/useKept.ts'
import { templates } from '../../../shared/specification/templates.ts'
import { describeSeedless, isSeedless } from '../../../shared/seedlessRuns.ts'
import { usualValueCautions } from '../../../shared/usualValues.ts'
import { LabError } from '../../../shared/errors.ts'
import type { BackendKind } from '../../../shared/machine.ts'
import type { SpecificationProblem } from '../../../shared/parseInput.ts'
import { changesOfCells, parseSweep } from '../../../shared/sweep/planSweep.ts'
import { isWithin } from '../../../shared/sweep/sweepSchema.ts'
import {
  axisFields as fieldsOfAxes,
  draftOfSweep,
  fieldsOfAxis,
  isRecord,
  sweepOf,
  type AxisDraft,
  type DraftedSweep,
  type SweepDraft,
} from './axes.ts'
import { branchSpec, type Branch } from './branchSpec.ts'
import { readField, writeField, type Field } from './field.ts'
import { formatJson, formatSpec } from '../../../shared/specification/formatSpec.ts'
import type { JsonMistake } from '../../../shared/jsonMistake.ts'
import { quote } from '../../../shared/quote.ts'
import { readJson } from '../../../shared/readJson.ts'
import { planExperiments, planTags } from './planExperiments.ts'
import { useSweepPlan } from './useSweepPlan.ts'
import { useDataFile } from './useDataFile.ts'
import { LeftChoices } from './leftChoices.ts'
import { moveToUsual, touchedAfter } from './moveToUsual.ts'
import { problemsOf } from './repairs.ts'
import {
  branchOriginOf,
  specificationOfRun,
  type BranchOrigin,
} from '../../../shared/specification/specificationOfRun.ts'
import { parsed } from './stepStates.ts'
import { changed, type Change, type SpecDraft } from '../../../shared/specification/paths.ts'
import { placeProblems } from './wizardSections.ts'

interface KeptDraft {
  text: string
  /** With any it is a sweep. */
  axes: readonly AxisDraft[]
  /** What its sweep says besides base, axes, name and seeds. */
  besides?: SweepDraft
  /** The sweep's JSON as a person has typed it, as long as the sweep of the fields is the one that this left. */
  typed?: { text: string; left: string }
  tagsText: string
  /** Paths of the values that a person has set, which no other choice moves; absent in drafts of earlier versions. */
  touched?: readonly string[]
  /** What it was begun from. */
  origin: string
  /** What is to compute it; absent where the host chooses. */
  backend?: BackendKind
  /** The text it was begun with; absent in drafts of earlier versions. */
  begun?: string
  /** The run and the step that it branches from. */
  branch?: BranchOrigin
  /** What the run started from that it was taken from, where that was a branch: it itself starts as it says. */
  takenFrom?: BranchOrigin | null
}

/** Drafts of earlier versions had one field to vary. */
interface FormerDraft extends Omit<KeptDraft, 'axes'> {
  axes?: readonly AxisDraft[]
  sweepPath?: string
  sweepText?: string
}

function axesOf({ axes, sweepPath, sweepText = '' }: FormerDraft): readonly AxisDraft[] {
  if (axes) return axes
  return sweepPath ? [{ kind: 'values', parts: [{ field: presentName(sweepPath), text: sweepText }] }] : []
}

function begun(
  from: SpecDraft | ExperimentSpec,
  origin: string,
  branch: Branch | null,
  sweep: DraftedSweep | null = null,
  takenFrom: BranchOrigin | null = null,
): KeptDraft {
  const text = formatSpec(from)
  const of = branch && { branch: { runId: branch.runId, step: branch.step } }
  const { axes = [], besides } = sweep ?? {}
  return { text, begun: text, axes, ...(besides && { besides }), tagsText: '', origin, ...of, takenFrom }
}

const blank = (branch: Branch | null) =>
  branch ? begun(branchSpec(branch), '', branch) : begun(templates.isolated, 'isolated', null)

/** The experiment that is being set up. Its JSON is the truth; fields read it and write to it. It outlives the visit. */
export function useDraft(branch: Branch | null) {
  const kept = useKept<KeptDraft>(branch ? 'branch' : 'draft', blank(branch), (found) => {
    const { text, branch: of } = found as KeptDraft
    return typeof text === 'string' && of?.runId === branch?.runId && of?.step === branch?.step
  })
  kept.value.axes = axesOf(kept.value as FormerDraft)
  if (kept.value.touched) kept.value.touched = kept.value.touched.map(presentName)
  const read = computed(() => readObject(kept.value.text, 'a specification'))
  // While the JSON is broken, the fields stand by what it said last.
  const lastRead = shallowRef<SpecDraft>(templates.isolated)
  watch(
    () => kept.value.text,
    () => {
      if (read.value.value) lastRead.value = read.value.value
    },
    { immediate: true, flush: 'sync' },
  )
  const spec = computed(() => lastRead.value)
  const axisPaths = computed(() => kept.value.axes.flatMap(fieldsOfAxis))
  const { withFile } = useDataFile(spec, branch !== null, (changes) => put(changed(spec.value, changes), false))
  /** Seeds from which a branch draws nothing. */
  function seedCautions() {
    const of = parsed(spec.value)
    if (!branch || !of || 'study' in of || of.seeds.length < 2 || !isSeedless(of, 'branch')) return []
    return [{ path: 'seeds', message: describeSeedless(of.seeds.length) }]
  }
  /** What is wrong with a branch besides: with what its specification leaves out, where it is one. */
  const ofBranch = (of: SpecDraft) => (branch ? branchProblems(parsed(of) ?? of, branch.spec) : [])
  const problems = computed(() => [
    // What an axis sets is judged in every cell.
    ...withFile(problemsOf(spec.value)).filter(({ path }) => !axisPaths.value.some((field) => isWithin(path, field))),
    ...ofBranch(spec.value),
  ])
  const left = new LeftChoices()
  const lastValid = shallowRef<ExperimentSpec | null>(null)
  watch(spec, (now) => (lastValid.value = parsed(now) ?? lastValid.value), { immediate: true })
  // What was said of one draft is not said of the one that takes its place.
  watch(
    kept,
    () => {
      lastValid.value = parsed(spec.value)
      left.forget()
    },
    { flush: 'sync' },
  )
  const placed = computed(() => placeProblems(problems.value, spec.value))
  /** What a branch keeps cannot be varied. */
  const axisFields = computed(() => {
    const kept = branch ? keptByBranch(branch.spec) : []
    return fieldsOfAxes(spec.value).filter(({ path }) => !kept.some((field) => isWithin(path, field)))
  })
  /** The sweep of the fields; what a person has typed of it is meant to the letter. */
  const ofFields = computed(() =>
    kept.value.axes.length > 0 ? sweepOf(spec.value, kept.value.axes, axisFields.value, kept.value.besides) : null,
  )
  const textOfFields = computed(() => (ofFields.value ? formatJson(ofFields.value) : ''))
  const typedSweep = computed(() => (kept.value.typed?.left === textOfFields.value ? kept.value.typed.text : null))
  const readSweep = computed(() => readTyped(typedSweep.value))
  const sweep = computed(() => readSweep.value.value ?? ofFields.value)
  // A branch starts from a run of the archive.
  const hasFolder = computed(() => sweep.value !== null && branch === null)
  const foreseen = useSweepPlan(computed(() => (hasFolder.value ? sweep.value : null)))
  /** Cells that are experiments of the archive. */
  const cells = computed(() => (hasFolder.value || !sweep.value ? null : cellsOf(sweep.value)))
  const symbolOf = (path: string) => {
    const field = axisFields.value.find((each) => each.path === path)
    return field?.symbol ?? field?.label.toLowerCase() ?? path
  }
  const plan = computed(() => planExperiments(spec.value, cells.value?.changes ?? null, symbolOf))
  const tags = computed(() =>
    planTags(
      kept.value.tagsText.split(',').flatMap((tag) => tag.trim() || []),
      spec.value,
      sweep.value !== null,
    ),
  )
  /** Of the sweep what is wrong besides what is wrong with the draft; paths are those of the sweep. */
  const sweepProblems = computed<readonly SpecificationProblem[]>(() => {
    if (hasFolder.value) {
      const known = problems.value.map(({ path }) => ofSweep(path))
      return foreseen.problems.value.filter(({ path }) => !known.includes(path))
    }
    if (!cells.value) return []
    if (cells.value.problems.length > 0) return cells.value.problems
    return plan.value.flatMap(({ spec: planned, cell }) =>
      [...problemsOf(planned), ...ofBranch(planned)]
        .filter(({ path }) => !problems.value.some((known) => known.path === path))
        .map(({ path, value, message }) => {
          const place = kept.value.axes.findIndex((axis) => fieldsOfAxis(axis).some((field) => isWithin(path, field)))
          return { path: place < 0 ? 'sweep' : `axes.${place}`, value, message: `${cell}: ${message}` }
        }),
    )
  })
  /** All that is wrong with the sweep, where its JSON says it. */
  const problemsInSweep = computed(() => [
    ...problems.value.map((problem) => ({ ...problem, path: ofSweep(problem.path) })),
    ...sweepProblems.value,
  ])
  const isOfAxis = ({ path }: SpecificationProblem, place: number) => isWithin(path, `axes.${place}`)

  function put(next: SpecDraft, byPerson: boolean) {
    kept.value.touched = touchedAfter(spec.value, next, kept.value.touched ?? [], byPerson)
    kept.value.text = formatSpec(next)
  }

  /** A choice takes along what is usual with it; a typed value is a person's. */
  function change(field: Field, value: unknown) {
    const next = changed(spec.value, writeField(field, value, spec.value))
    const isTyped = field.kind !== 'segments' && field.kind !== 'menu'
    const touched = touchedAfter(spec.value, next, kept.value.touched ?? [], isTyped)
    const moved = moveToUsual(spec.value, next, touched)
    put(isTyped ? moved : left.follow(field.path, readField(field, spec.value), value, spec.value, moved), isTyped)
  }

  /** The JSON as a person has edited it. A sweep in its place goes on as one; of a run that was exported its specification is taken. */
  function edit(text: string) {
    const typed = readTyped(text).value ?? {}
    if (!branch && draftOfSweep(typed)) return editSweep(text)
    const before = spec.value
    const ofRun = specificationOfRun(typed)
    kept.value.text = ofRun ? formatSpec(ofRun) : text
    if (ofRun || isAnother(before, spec.value)) kept.value.takenFrom = branchOriginOf(typed)
    kept.value.touched = touchedAfter(before, spec.value, kept.value.touched ?? [], true)
  }

  /** The sweep's JSON as a person has edited it: fields and axes follow as soon as it is a sweep. */
  function editSweep(text: string) {
    const before = spec.value
    const found = draftOfSweep(readTyped(text).value ?? {})
    if (found) {
      kept.value.axes = found.axes
      kept.value.besides = found.besides!
      kept.value.text = formatSpec(found.spec)
      if (isAnother(before, spec.value)) kept.value.takenFrom = null
      kept.value.touched = touchedAfter(before, spec.value, kept.value.touched ?? [], true)
    }
    kept.value.typed = { text, left: textOfFields.value }
  }

  return {
    branch,
    kept,
    read,
    spec,
    problems,
    lastValid,
    placed,
    axisFields,
    axisPaths,
    sweep,
    sweepText: computed(() => typedSweep.value ?? textOfFields.value),
    sweepMistake: computed(() => readSweep.value.mistake),
    problemsInSweep,
    hasFolder,
    forecast: foreseen.forecast,
    isForeseen: foreseen.isCurrent,
    sweepWarnings: foreseen.warnings,
    sweepProblems,
    problemsOfAxis: (place: number) => sweepProblems.value.filter((problem) => isOfAxis(problem, place)),
    otherSweepProblems: computed(() =>
      sweepProblems.value.filter((problem) => !kept.value.axes.some((_, place) => isOfAxis(problem, place))),
    ),
    plan,
    tags,
    apply: (changes: readonly Change[]) => put(changed(spec.value, changes), false),
    edit,
    editSweep,
    cautions: computed(() => [...usualValueCautions(spec.value), ...seedCautions()]),
    valueOf: (field: Field) => readField(field, spec.value),
    change,
    begin(from: SpecDraft, origin: string, sweep: DraftedSweep | null = null, takenFrom: BranchOrigin | null = null) {
      kept.value = begun(from, origin, branch, sweep, takenFrom)
    },
    /** Whether there is anything in it that a person has done. */
    isTouched: computed(() => {
      const { text, begun, axes, tagsText } = kept.value
      return text !== begun || axes.length > 0 || tagsText !== ''
    }),
    discard: () => (kept.value = blank(branch)),
  }
}

export type Draft = ReturnType<typeof useDraft>

/** Whether an edit has put another specification in the place of one: not only its name is another, but its name too. */
function isAnother({ name, ...before }: SpecDraft, { name: nameNow, ...now }: SpecDraft): boolean {
  return name !== nameNow && JSON.stringify(before) !== JSON.stringify(now)
}

/** What was typed of a sweep, where that is JSON of an object. */
function readTyped(text: string | null): { value?: SweepDraft; mistake: JsonMistake | null } {
  return text === null ? { mistake: null } : readObject(text, 'a sweep')
}

/** What a text holds, where that is JSON of an object, as what it is to be has to be. */
function readObject(text: string, name: string): { value?: Record<string, unknown>; mistake: JsonMistake | null } {
  const { value, mistake } = readJson(text)
  if (mistake) return { mistake }
  if (isRecord(value)) return { value, mistake }
  const found = Array.isArray(value) ? `a list of ${value.length}` : quote(value)
  return { mistake: { at: 0, message: `${name} is an object, not ${found}` } }
}

/** Where a sweep says what an experiment does. */
function ofSweep(path: string): string {
  return ['name', 'seeds'].includes(path) ? path : `base.${path}`
}

/** More experiments are no sweep to be kept in the archive. */
const maxCells = 1000

function cellsOf(sweep: Record<string, unknown>) {
  try {
    const changes = changesOfCells(parseSweep(sweep))
    if (changes.length <= maxCells) return { changes, problems: [] }
    const message = `axes: ${formatCount(changes.length)} cells are too many experiments of the archive; at most ${formatCount(maxCells)}`
    return { changes: [], problems: [{ path: 'axes', value: changes.length, message }] }
  } catch (error) {
    if (!(error instanceof LabError)) throw error
    return { changes: [], problems: error.detail as SpecificationProblem[] }
  }
}
