import { computed, shallowRef, watch, type ComputedRef } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { FigureCard } from '../../../shared/contract/papers.ts'
import { LabError } from '../../../shared/errors.ts'
import { printableRun } from '../../../shared/formatting/printableRun.ts'
import { atSetting, settingFrom } from '../../../shared/papers/figureSetting.ts'
import { quote } from '../../../shared/quote.ts'
import type { SpecDraft } from '../../../shared/specification/paths.ts'
import { templateNames, templates } from '../../../shared/specification/templates.ts'
import { sweepPresets } from '../../../shared/sweep/presets.ts'
import { withFailureToast } from '../../composables/runActions.ts'
import { showFailure, showToast } from '../../composables/useToasts.ts'
import { entryInAddress } from '../../formatting/entries.ts'
import { request } from '../../lab.ts'
import { draftOfSweep } from './axes.ts'
import {
  branchOriginOf,
  specificationOfRun,
  type BranchOrigin,
} from '../../../shared/specification/specificationOfRun.ts'
import type { Draft } from './useDraft.ts'

interface Beginning {
  id: string
  label: string
  spec: SpecDraft
}

/** What a draft can be begun from: what is offered, a file, or what the address names, a run, a figure or a sweep. */
export function useBeginnings(
  draft: Draft,
  goToSweep: () => void,
): {
  offered: ComputedRef<Beginning[]>
  choose: (id: string) => void
  openGiven: (given: SpecDraft, fileName: string) => void
} {
  const route = useRoute()
  const router = useRouter()
  const figures = shallowRef<readonly FigureCard[]>([])
  void withFailureToast(async () => (figures.value = await request('paper.list', {})))

  const offered = computed(() => [
    ...templateNames.map((name) => ({ id: name, label: templates[name].name, spec: templates[name] as SpecDraft })),
    ...figures.value.flatMap((figure) =>
      figure.experiments.map((experiment, index) => ({
        id: `${figure.id} ${index}`,
        label: experiment.name ?? figure.title,
        spec: experiment as SpecDraft,
      })),
    ),
    ...sweepPresets.map(({ name, title, spec }) => ({ id: `sweep ${name}`, label: `Sweep: ${title}`, spec })),
  ])

  function choose(id: string) {
    const chosen = offered.value.find((candidate) => candidate.id === id)
    if (chosen) begin(chosen.spec, id, chosen.label)
  }

  let turn = 0

  /** What a person has set up goes, and can be had back. A sweep goes on as one. */
  function begin(given: SpecDraft, origin: string, name: string, takenFrom: BranchOrigin | null = null) {
    turn++
    const before = draft.kept.value
    const isTouched = draft.isTouched.value
    const sweep = draftOfSweep(given)
    draft.begin(sweep?.spec ?? given, origin, sweep, takenFrom)
    if (sweep) goToSweep()
    const undo = { label: 'Undo', run: () => (draft.kept.value = before) }
    if (isTouched) showToast(`Started from ${name}; your previous draft was replaced`, undo)
    else if (origin === '') showToast(`Started from ${name}`)
  }

  /** What the address names is not there: the draft stays, and the address is that of New. */
  function refuse(field: string, named: unknown, allowed: readonly { id: string }[]) {
    void router.replace({ name: 'new' })
    const list = allowed.map(({ id }) => id).join(', ')
    showFailure(new LabError('NOT_FOUND', `${field}: ${quote(named)} is not allowed; ${list}`))
  }

  watch(
    () => route.query.from,
    (runId) => {
      if (typeof runId !== 'string') return
      const requested = ++turn
      void withFailureToast(async () => {
        const run = printableRun(await request('run.show', { runId }))
        // Something else was begun meanwhile.
        if (requested !== turn) return
        const given = specificationOfRun({ ...run })
        if (!given) throw new LabError('RUN_NEWER', run.newer!)
        begin(given, '', run.name, branchOriginOf(run))
        // Who has left in the meantime stays where they went.
        if (route.query.from === runId) await router.replace({ name: 'new' })
      })
    },
    { immediate: true },
  )

  watch(
    [() => route.query, figures],
    ([query]) => {
      const { figure: named } = query
      if (named === undefined || figures.value.length === 0) return
      const figure = figures.value.find(({ id }) => id === named)
      if (!figure) return refuse('figure', named, figures.value)
      if (figure.experiments.length === 0) return
      const { experiment: place = '1' } = query
      const given = figure.experiments[Number(place) - 1]
      void router.replace({ name: 'new' })
      if (!given) {
        const allowed = `1 to ${figure.experiments.length}, those of ${figure.number}`
        showFailure(new LabError('NOT_FOUND', `experiment: ${quote(place)} is not allowed; ${allowed}`))
        return
      }
      const setting = settingFrom(figure.sliders, (field) => entryInAddress(query, field))
      const experiment = atSetting(given, setting)
      begin(experiment as SpecDraft, '', experiment.name ?? figure.title)
    },
    { immediate: true },
  )

  watch(
    () => route.query.sweep,
    (id) => {
      if (id === undefined) return
      const preset = sweepPresets.find(({ name }) => name === id)
      if (!preset)
        return refuse(
          'sweep',
          id,
          sweepPresets.map(({ name }) => ({ id: name })),
        )
      begin(preset.spec, '', preset.title)
      void router.replace({ name: 'new' })
    },
    { immediate: true },
  )

  return {
    offered,
    choose,
    openGiven: (given, fileName) => begin(specificationOfRun(given) ?? given, '', fileName, branchOriginOf(given)),
  }
}
