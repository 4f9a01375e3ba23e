import type { Command } from '../composables/useCommands.ts'

/** The commands whose words the query's words begin or occur in, the closest first; all of them for an empty query. */
export function rankCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return commands
    .map((command, order) => ({ command, order, score: scoreOf(command, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .map(({ command }) => command)
}

/** What is read first counts more than what stands beside it. */
function scoreOf({ group, label, about = '', words: more = '' }: Command, words: readonly string[]): number {
  const [shown, beside] = [`${group} ${label}`.toLowerCase(), `${about} ${more}`.toLowerCase()]
  let score = 1
  for (const word of words) {
    const at = shown.indexOf(word)
    if (at < 0 && !beside.includes(word)) return 0
    score += at < 0 ? 0.5 : at === 0 || /\W/.test(shown[at - 1]!) ? 2 : 1
  }
  return score
}
