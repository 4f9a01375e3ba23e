import type { Command } from '../composables/useCommands.ts'

/** The commands whose words the query's words begin or occur in, the closest first; all of them for an empty query. */
export function rankCommands(commands: readonly Command[], query: string): Command[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean)
  return commands
    .map((command, order) => ({ command, order, score: scoreOf(`${command.group} ${command.label}`, words) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.order - b.order)
    .map(({ command }) => command)
}

function scoreOf(text: string, words: readonly string[]): number {
  const lower = text.toLowerCase()
  let score = 1
  for (const word of words) {
    const at = lower.indexOf(word)
    if (at < 0) return 0
    score += at === 0 || /\W/.test(lower[at - 1]!) ? 2 : 1
  }
  return score
}
