import { computed, onScopeDispose, shallowRef, watch, watchEffect } from 'vue'
import type { LiveMapReading } from '../../../../shared/contract/liveMaps.ts'
import type { RequestInput } from '../../../../shared/contract.ts'
import { LabError } from '../../../../shared/errors.ts'
import type { SpecificationProblem } from '../../../../shared/parseInput.ts'
import type { RunSummary } from '../../../../shared/run.ts'
import { liveMapAtWork } from '../../../composables/liveMapAtWork.ts'
import { request } from '../../../lab.ts'

export type LiveQuestion = Omit<RequestInput<'liveMap.begin'>, 'liveMap' | 'replaces'>

/** Between one plane and the next while a slider moves, so that something of each is computed. */
const shortestPlane = 120
const beforeNextTry = 2000
const page = Math.random().toString(36).slice(2)
let begun = 0

/** A plane that the host computes for as long as this is looked at; with another question another one takes its place at once. */
export function useLiveMap(question: () => LiveQuestion) {
  const runs = shallowRef<ReadonlyMap<string, RunSummary>>(new Map())
  const reading = shallowRef<LiveMapReading | null>(null)
  const problems = shallowRef<readonly SpecificationProblem[]>([])
  /** Why the plane that is asked for was not begun, and why nothing is told of the one before it. */
  const refusal = shallowRef<unknown>(null)
  const silence = shallowRef<unknown>(null)
  /** Of what is asked for by now; null while nobody can say. */
  const secondsLeft = shallowRef<number | null>(null)
  let since = { time: 0, ended: 0 }
  /** What the host calls it. */
  const id = shallowRef<string | null>(null)
  const isHeld = shallowRef(false)
  const words = computed(() => JSON.stringify(question()))
  /** What the plane was begun with; null while another is asked for, or was refused. */
  const begunWith = shallowRef<string | null>(null)
  let answered = ''
  let isAsking = false
  let isOver = false

  /** One question is on its way at a time, and the latest comes next. */
  async function begin() {
    if (isAsking) return
    isAsking = true
    while (words.value !== answered && !isOver) {
      answered = words.value
      await ask(question())
      const isRefused = refusal.value !== null && id.value === null
      await rest(isRefused ? beforeNextTry : shortestPlane)
      // Nothing is computed meanwhile, and what stands in the way may have gone.
      if (isRefused) answered = ''
    }
    isAsking = false
  }

  async function ask(asked: LiveQuestion) {
    const [next, before] = [`${page} ${++begun}`, id.value]
    begunWith.value = null
    try {
      const answer = await request('liveMap.begin', {
        ...asked,
        liveMap: next,
        ...(before ? { replaces: before } : {}),
      })
      problems.value = answer.problems
      refusal.value = null
      if (answer.problems.length > 0) return
      id.value = next
      begunWith.value = JSON.stringify(asked)
      silence.value = null
      isHeld.value = false
      if (isOver) end()
      else void follow(next)
    } catch (error) {
      refusal.value = error
    }
  }

  async function follow(own: string) {
    let known = new Map<string, RunSummary>()
    let after = 0
    since = { time: 0, ended: Infinity }
    while (id.value === own && !isOver) {
      try {
        const answer = await request('liveMap.runs', { liveMap: own, after })
        if (id.value !== own) return
        known = new Map(known)
        for (const run of answer.runs) known.set(run.id, run)
        after = answer.revision
        runs.value = known
        reading.value = answer
        secondsLeft.value = leftOf(answer)
        silence.value = null
      } catch (error) {
        if (id.value !== own || isOver) return
        // The host was another one meanwhile, or this page slept: what is known there is not computed again.
        if (error instanceof LabError && error.code === 'NOT_FOUND') {
          id.value = null
          answered = ''
          return void begin()
        }
        silence.value = error
        await rest(beforeNextTry)
      }
    }
  }

  /** By the pace since this plane was begun, or went on. */
  function leftOf({ wanted, ended }: LiveMapReading): number | null {
    const now = performance.now()
    if (since.ended === Infinity) since = { time: now, ended }
    return ended > since.ended ? ((wanted - ended) * (now - since.time)) / 1000 / (ended - since.ended) : null
  }

  function end() {
    if (id.value) void request('liveMap.end', { liveMap: id.value }).catch(() => undefined)
  }

  async function hold(wanted: boolean) {
    if (!id.value) return
    await request('liveMap.hold', { liveMap: id.value, hold: wanted })
    isHeld.value = wanted
    since = { time: 0, ended: Infinity }
  }

  watch(words, begin, { immediate: true })
  watchEffect(() => (liveMapAtWork.value = id.value !== null && !isHeld.value && reading.value?.isDone !== true))
  onScopeDispose(() => {
    isOver = true
    liveMapAtWork.value = false
    end()
  })
  return {
    id,
    /** Whether the plane is the one that is asked for, not one before it. */
    isCurrent: computed(() => id.value !== null && begunWith.value === words.value),
    ...{ runs, reading, secondsLeft, problems, isHeld, hold },
    failure: computed(() => refusal.value ?? silence.value),
  }
}

function rest(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds))
}
