import { computed, onScopeDispose, shallowRef, watch, type Ref } from 'vue'
import { toErrorRecord } from '../../../shared/errors.ts'
import type { SpecificationProblem } from '../../../shared/parseInput.ts'
import { setTo } from '../../../shared/specification/problem.ts'
import { valueAt, type Change, type SpecDraft } from '../../../shared/specification/paths.ts'
import type { DatasetContent } from '../../../shared/tasks/dataset.ts'
import { request } from '../../lab.ts'

const patience = 250

type Answer = { path: string } & ({ content: DatasetContent } | { mistake: string })

/**
 * What the host finds in the file of data that a draft names: written into the draft where it does not say so yet, and a
 * problem of the field where the file cannot be taken, or has changed since. A branch is of the data of its run, whatever
 * the file.
 */
export function useDataFile(spec: Ref<SpecDraft>, isBranch: boolean, apply: (changes: readonly Change[]) => void) {
  const answer = shallowRef<Answer | null>(null)
  const path = computed(() => {
    const named = valueAt(spec.value, 'task.kind') === 'dataset' ? valueAt(spec.value, 'task.path') : undefined
    return typeof named === 'string' && !isBranch ? named : ''
  })
  const isMissing = computed(() => path.value !== '' && valueAt(spec.value, 'task.content') === undefined)
  let timer = 0
  let isLeft = false
  let latest = 0
  /** The file that was found last, and the split that was set before that of a file took its place. */
  let lastFile = ''
  const drawn: readonly Change[] = [{ path: 'task.split', value: { kind: 'random' } }]
  let setBefore = { file: '', split: drawn }

  async function ask(requested: string) {
    const own = ++latest
    const found = await request('dataset.describe', { path: requested }).then(
      ({ content }): Answer => ({ path: requested, content }),
      (error: unknown): Answer => ({ path: requested, mistake: toErrorRecord(error).message }),
    )
    // A draft that was left may be another by now, and so may a file that was asked about twice.
    if (isLeft || own !== latest || requested !== path.value) return
    answer.value = found
    if (!('content' in found)) return
    if (isMissing.value) apply(changesFor(requested, found.content))
    lastFile = requested
  }

  /** The file's own split holds, unless it names none: then what was set in this draft before. */
  function changesFor(file: string, content: DatasetContent): Change[] {
    const { samples, train } = content
    const named: Change = { path: 'task.content', value: content }
    const isFiles = valueAt(spec.value, 'task.split.kind') === 'file'
    const isOfDraft = setBefore.file === lastFile
    if (train === undefined) return isFiles ? [named, ...(isOfDraft ? setBefore.split : drawn)] : [named]
    const split = ['task.split', 'task.trainFraction'].map((path) => ({ path, value: valueAt(spec.value, path) }))
    setBefore = { file, split: isFiles ? (isOfDraft ? setBefore.split : drawn) : split }
    return [
      named,
      { path: 'task.split', value: { kind: 'file' } },
      { path: 'task.trainFraction', value: train / samples },
    ]
  }

  watch(
    [path, isMissing],
    () => {
      clearTimeout(timer)
      answer.value = null
      const requested = path.value
      if (requested !== '') timer = window.setTimeout(() => void ask(requested), patience)
    },
    { immediate: true },
  )
  // It may have been put there, or changed, where the person was meanwhile.
  const askAgain = () => path.value !== '' && answer.value !== null && void ask(path.value)
  window.addEventListener('focus', askAgain)
  onScopeDispose(() => {
    isLeft = true
    clearTimeout(timer)
    window.removeEventListener('focus', askAgain)
  })

  /** What is wrong with the file stands in the place of what the draft does not know of it. */
  function withFile(problems: readonly SpecificationProblem[]): SpecificationProblem[] {
    const others = problems.filter((problem) => problem.path !== 'task.content')
    const value = path.value
    const of = (message: string) => ({ path: 'task.path', value, message: `task.path: ${message}` })
    const found = answer.value
    if (isMissing.value) {
      if (!found) return [of('the file is being read'), ...others]
      return 'mistake' in found ? [of(found.mistake), ...others] : others
    }
    const hash = valueAt(spec.value, 'task.content.hash')
    if (!found || !('content' in found) || found.content.hash === hash) return others
    const repairs = [setTo('task.content', undefined, 'Take the file as it is now')]
    return [{ ...of('the file has changed since the data of this specification was read'), repairs }, ...others]
  }

  return { withFile }
}
