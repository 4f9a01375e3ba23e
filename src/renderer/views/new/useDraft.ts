import { computed, shallowRef, watch } from 'vue'
import type { ExperimentSpec } from '../../../shared/experiment.ts'
import { presentName } from '../../../shared/formerNames.ts'
import { useKept } from '../../composables/useKept.ts'
import { templates } from '../../../shared/specification/templates.ts'
import { usualValueCautions } from '../../../shared/usualValues.ts'
import { branchProblems, branchSpec, type Branch } from './branchSpec.ts'
import { parseEntries } from '../../formatting/entries.ts'
import { readField, writeField, type Field } from './field.ts'
import { formatSpec } from '../../../shared/specification/formatSpec.ts'
import { readJson } from '../../../shared/readJson.ts'
import { planExperiments, planTags, type Sweep } from './planExperiments.ts'
import { useDataFile } from './useDataFile.ts'
import { moveToUsual, touchedAfter } from './moveToUsual.ts'
import { problemsOf } from './repairs.ts'
import { parsed } from './stepStates.ts'
import { changed, type Change, type SpecDraft } from '../../../shared/specification/paths.ts'
import { placeProblems, sweepableFields } from './wizardSections.ts'

interface KeptDraft {
  text: string
  sweepPath: string
  sweepText: string
  tagsText: string
  /** Paths of the values that a person has set, which no other choice moves; absent in drafts of earlier versions. */
  touched?: readonly string[]
  /** What it was begun from. */
  origin: string
  /** The text it was begun with; absent in drafts of earlier versions. */
  begun?: string
  /** The run and the step that it branches from. */
  branch?: Pick<Branch, 'runId' | 'step'>
}

function begun(from: SpecDraft | ExperimentSpec, origin: string, branch: Branch | null): KeptDraft {
  const text = formatSpec(from)
  const of = branch && { branch: { runId: branch.runId, step: branch.step } }
  return { text, begun: text, sweepPath: '', sweepText: '', tagsText: '', origin, ...of }
}

const blank = (branch: Branch | null) =>
  branch ? begun(branchSpec(branch), '', branch) : begun(templates.isolated, 'isolated', null)

/** The experiment that is being set up. Its JSON is the truth; fields read it and write to it. It outlives the visit. */
export function useDraft(branch: Branch | null) {
  const kept = useKept<KeptDraft>(branch ? 'branch' : 'draft', blank(branch), (found) => {
    const { text, branch: of } = found as KeptDraft
    return typeof text === 'string' && of?.runId === branch?.runId && of?.step === branch?.step
  })
  kept.value.sweepPath = presentName(kept.value.sweepPath)
  if (kept.value.touched) kept.value.touched = kept.value.touched.map(presentName)
  const read = computed(() => readJson(kept.value.text))
  // While the JSON is broken, the fields stand by what it said last.
  const lastRead = shallowRef<SpecDraft>(templates.isolated)
  watch(
    () => kept.value.text,
    () => {
      const { value } = read.value
      if (typeof value === 'object' && value !== null && !Array.isArray(value)) lastRead.value = value as SpecDraft
    },
    { immediate: true, flush: 'sync' },
  )
  const spec = computed(() => lastRead.value)
  const { withFile } = useDataFile(spec, branch !== null, (changes) => put(changed(spec.value, changes), false))
  const problems = computed(() => [
    ...withFile(problemsOf(spec.value)),
    ...(branch ? branchProblems(spec.value, branch) : []),
  ])
  const lastValid = shallowRef<ExperimentSpec | null>(null)
  watch(spec, (now) => (lastValid.value = parsed(now) ?? lastValid.value), { immediate: true })
  // What was said of one draft is not said of the one that takes its place.
  watch(kept, () => (lastValid.value = parsed(spec.value)), { flush: 'sync' })
  const placed = computed(() => placeProblems(problems.value, spec.value))
  const sweepField = computed(() => sweepableFields(spec.value).find(({ path }) => path === kept.value.sweepPath))
  const sweep = computed<Sweep | null>(() =>
    sweepField.value ? { path: sweepField.value.path, values: parseEntries(kept.value.sweepText) } : null,
  )
  const symbol = computed(() => sweepField.value?.symbol ?? sweepField.value?.label.toLowerCase() ?? '')
  const plan = computed(() => planExperiments(spec.value, sweep.value, symbol.value))
  const tags = computed(() =>
    planTags(
      kept.value.tagsText.split(',').flatMap((tag) => tag.trim() || []),
      spec.value,
      sweep.value,
    ),
  )
  /** Of the sweep's values those that the schema refuses, with what it says. */
  const sweepProblems = computed(() =>
    sweep.value === null
      ? []
      : plan.value.flatMap(({ spec: planned, value }) =>
          problemsOf(planned)
            .filter(({ path }) => !problems.value.some((known) => known.path === path))
            .map(({ message }) => ({ value, message })),
        ),
  )

  function put(next: SpecDraft, byPerson: boolean) {
    kept.value.touched = touchedAfter(spec.value, next, kept.value.touched ?? [], byPerson)
    kept.value.text = formatSpec(next)
  }

  /** A choice takes along what is usual with it; a typed value is a person's. */
  function change(field: Field, value: unknown) {
    const next = changed(spec.value, writeField(field, value, spec.value))
    const isTyped = field.kind !== 'segments' && field.kind !== 'menu'
    const touched = touchedAfter(spec.value, next, kept.value.touched ?? [], isTyped)
    put(moveToUsual(spec.value, next, touched), isTyped)
  }

  /** The JSON as a person has edited it. */
  function edit(text: string) {
    const before = spec.value
    kept.value.text = text
    kept.value.touched = touchedAfter(before, spec.value, kept.value.touched ?? [], true)
  }

  return {
    branch,
    kept,
    read,
    spec,
    problems,
    lastValid,
    placed,
    sweep,
    sweepField,
    sweepProblems,
    symbol,
    plan,
    tags,
    apply: (changes: readonly Change[]) => put(changed(spec.value, changes), false),
    edit,
    cautions: computed(() => usualValueCautions(spec.value)),
    valueOf: (field: Field) => readField(field, spec.value),
    change,
    begin(from: SpecDraft, origin: string) {
      kept.value = begun(from, origin, branch)
    },
    /** Whether there is anything in it that a person has done. */
    isTouched: computed(() => {
      const { text, begun, sweepPath, tagsText } = kept.value
      return text !== begun || sweepPath !== '' || tagsText !== ''
    }),
    discard: () => (kept.value = blank(branch)),
  }
}

export type Draft = ReturnType<typeof useDraft>
