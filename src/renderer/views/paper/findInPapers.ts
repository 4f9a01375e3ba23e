import type { Router } from 'vue-router'
import { plainText } from '../../../shared/formatting/setSymbols.ts'
import { rankCommands } from '../../components/rankCommands.ts'
import type { Finder } from '../../components/useFound.ts'
import type { Command } from '../../composables/useCommands.ts'
import { request } from '../../lab.ts'
import { papers, paperOf } from '../../../shared/papers/papers.ts'
import { describeVerdict } from '../../../shared/formatting/describeClaim.ts'
import { figureAddress } from './figureAddress.ts'

const maxClaims = 6

/** The papers, their figures and what each claims. They are read once for every time that something is looked for. */
export function findInPapers(router: Router): Finder {
  let read: Promise<{ figures: Command[]; claims: Command[] }> | null = null

  const paperCommand = ({ id, title, short, idea }: (typeof papers)[number]): Command => ({
    group: 'Paper',
    label: title,
    about: short,
    words: plainText(idea),
    run: () => router.push({ name: 'paper', params: { paper: id } }),
  })

  async function readPapers() {
    const cards = await request('paper.list', {})
    const results = await Promise.all(
      cards.map(async ({ id, result }) => result ?? (await request('paper.show', { figure: id }))),
    )
    return {
      figures: [
        ...papers.map(paperCommand),
        ...cards.map(({ id, number, title, summary }) => ({
          group: 'Paper',
          label: `${number}: ${title}`,
          about: paperOf(id).short,
          words: plainText(summary),
          run: () => router.push(figureAddress(id)),
        })),
      ],
      claims: results.flatMap(({ figure, claims }) =>
        claims.map((claim) => ({
          group: 'Claim',
          label: plainText(claim.text),
          about: `${paperOf(figure).short}, ${cards.find(({ id }) => id === figure)!.number}, ${describeVerdict(claim)}`,
          run: () => router.push({ ...figureAddress(figure), query: { claim: claim.id } }),
        })),
      ),
    }
  }

  return async (query) => {
    if (query === '') {
      read = null
      return []
    }
    read ??= readPapers()
    try {
      const { figures, claims } = await read
      return [...rankCommands(figures, query), ...rankCommands(claims, query).slice(0, maxClaims)]
    } catch (error) {
      read = null
      throw error
    }
  }
}
