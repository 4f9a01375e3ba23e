import type { Router } from 'vue-router'
import { plainText } from '../../../shared/formatting/setSymbols.ts'
import { rankCommands } from '../../components/rankCommands.ts'
import type { Finder } from '../../components/useFound.ts'
import type { Command } from '../../composables/useCommands.ts'
import { request } from '../../lab.ts'
import { verdictWords } from './claimWords.ts'

const mostClaims = 6

/** The figures of the paper and what each claims. They are read once for every time that something is looked for. */
export function findInPaper(router: Router): Finder {
  let read: Promise<{ figures: Command[]; claims: Command[] }> | null = null

  async function readPaper() {
    const cards = await request('paper.list', {})
    const results = await Promise.all(
      cards.map(async ({ id, result }) => result ?? (await request('paper.show', { figure: id }))),
    )
    return {
      figures: cards.map(({ id, number, title, summary }) => ({
        group: 'Paper',
        label: `${number}: ${title}`,
        words: plainText(summary),
        run: () => router.push({ name: 'paper', params: { figure: id } }),
      })),
      claims: results.flatMap(({ figure, claims }) =>
        claims.map((claim) => ({
          group: 'Claim',
          label: plainText(claim.text),
          about: `${cards.find(({ id }) => id === figure)!.number}, ${verdictWords(claim)}`,
          run: () => router.push({ name: 'paper', params: { figure }, query: { claim: claim.id } }),
        })),
      ),
    }
  }

  return async (query) => {
    if (query === '') {
      read = null
      return []
    }
    read ??= readPaper()
    try {
      const { figures, claims } = await read
      return [...rankCommands(figures, query), ...rankCommands(claims, query).slice(0, mostClaims)]
    } catch (error) {
      read = null
      throw error
    }
  }
}
