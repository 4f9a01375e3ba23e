import type { Router } from 'vue-router'
import { formatMoment } from '../../../shared/formatting/formatTime.ts'
import { printable } from '../../../shared/printable.ts'
import type { Finder } from '../../components/useFound.ts'
import { readRuns } from '../../../shared/curves/readRuns.ts'
import { useKept } from '../../composables/useKept.ts'
import { request } from '../../lab.ts'
import { countRuns } from '../../formatting/countRuns.ts'
import { isFilter } from './queryTerms.ts'

const maxFound = 8
const mostRecent = 5
const newest = { by: 'createdAt', descending: true } as const

/** Runs by name, tag or id, or by a filter; those looked at last, or the newest, where nothing is asked for. */
export function findRuns(router: Router): Finder {
  const visited = useKept<string[]>('visitedRuns', [], areIds)
  router.afterEach(({ name, params, query }) => {
    if (name !== 'run' || query.archive !== undefined) return
    const runId = String(params.runId)
    visited.value = [runId, ...visited.value.filter((id) => id !== runId)].slice(0, mostRecent)
  })

  return async (query) => {
    const recent = query === '' && visited.value.length > 0 ? await readRuns({ runIds: visited.value }, request) : null
    const { runs } = recent?.total
      ? recent
      : await readRuns(
          { where: filterOf(query, 'run'), sort: newest, limit: query === '' ? mostRecent : maxFound },
          request,
        )
    return runs.map((run) => ({
      group: 'Run',
      label: run.name,
      about: [run.status, ...run.tags, formatMoment(run.createdAt)].join(', '),
      words: `${run.experiment} ${run.id}`,
      run: () => router.push({ name: 'run', params: { runId: run.id } }),
    }))
  }
}

/** Experiments that have runs which the words find; the newest where there are none. */
export function findExperiments(router: Router): Finder {
  return async (query) => {
    const { page } = await request('run.table', {
      shelf: 'library',
      terms: [filterOf(query, 'experiment')],
      grouping: 'experiment',
      sort: newest,
      folded: 'all',
      from: 0,
      count: query === '' ? mostRecent : maxFound,
    })
    return page.flatMap((line) =>
      line.kind === 'group'
        ? {
            group: 'Experiment',
            label: printable(line.name),
            about: countRuns(line.total),
            words: line.tags.join(' '),
            id: line.key,
            run: () => router.push({ name: 'run', params: { runId: line.first[0]!.id, tab: 'curves' } }),
          }
        : [],
    )
  }
}

/**
 * What is typed is a filter where it compares something and can be one, else words that must all be there, without the one
 * that says what is looked for. What is in the bin is not found.
 */
function filterOf(query: string, kind: 'run' | 'experiment'): string {
  const words = query.split(/[\s"]+/).filter((word) => word !== '' && word.toLowerCase() !== kind)
  const isComparison = /[=<>:≤≥≠]/.test(query) && isFilter(query)
  const requested = isComparison ? query : words.map((word) => `"${word}"`).join(' ')
  return requested.trim() === '' ? 'not is:binned' : `(${requested}) and not is:binned`
}

function areIds(kept: unknown): kept is string[] {
  return Array.isArray(kept) && kept.every((id) => typeof id === 'string' && id.length > 0 && id.length <= 40)
}
