import { appendFileSync, cpSync, existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { CaseResult, Finding } from './finding.ts'

const outcomes = ['same', 'refused', 'told', 'finding'] as const
/** Of findings that are alike, so many keep their files. */
const keptOfAKind = 3

interface Group {
  part: string
  kind: string
  finding: Finding
  count: number
  /** The first of them. */
  number: number
}

/** Collects how cases ended, keeps what was found, and tells it at the end. */
export class Report {
  readonly #folder: string
  readonly #counts = new Map<string, Record<(typeof outcomes)[number], number>>()
  readonly #groups = new Map<string, Group>()

  /** Files of findings are kept below the folder, and every finding is a line of its `findings.jsonl`. */
  constructor(folder: string) {
    this.#folder = folder
  }

  add(part: string, result: CaseResult): void {
    const row = `${part}: ${result.kind}`
    const counts = this.#counts.get(row) ?? { same: 0, refused: 0, told: 0, finding: 0 }
    counts[result.outcome] += 1
    this.#counts.set(row, counts)
    const groups = Map.groupBy(result.findings, (finding) => groupOf(part, result, finding))
    let isNew = false
    for (const [key, [finding]] of groups) isNew = this.#count(key, part, result, finding!) || isNew
    if (result.findings.length > 0) {
      appendFileSync(join(this.#folder, 'findings.jsonl'), `${JSON.stringify({ part, ...result })}\n`)
    }
    for (const file of result.files.filter(existsSync)) {
      if (isNew) cpSync(file, join(this.#folder, `${part}-${result.number}`), { recursive: true })
      rmSync(file, { recursive: true, force: true })
    }
  }

  get findings(): number {
    return [...this.#counts.values()].reduce((sum, { finding }) => sum + finding, 0)
  }

  /** A table of all kinds, then a line for each kind of finding and how many cases had it. */
  text(): string {
    const rows = [...this.#counts].sort(([one], [other]) => (one < other ? -1 : 1))
    const total = (counts: Record<string, number>) => Object.values(counts).reduce((sum, count) => sum + count, 0)
    const cells = [
      ['', 'cases', ...outcomes],
      ...rows.map(([row, counts]) => [row, total(counts), ...outcomes.map((outcome) => counts[outcome])].map(String)),
    ]
    const table = cells.map(([name, ...numbers]) => name!.padEnd(34) + numbers.map((cell) => cell.padStart(9)).join(''))
    const found = [...this.#groups.values()]
      .sort((one, other) => other.count - one.count)
      .map(({ part, kind, finding: { fault, at, text }, count, number }) => {
        const seen = text.replaceAll(/\s+/g, ' ').slice(0, 160)
        return `${String(count).padStart(5)} × ${fault}, ${part}: ${kind}, first in case ${number}, ${at}: ${seen}`
      })
    return [...table, ...(found.length > 0 ? ['', ...found] : [])].join('\n')
  }

  /** Whether it is one of the first of its like. */
  #count(key: string, part: string, { kind, number }: CaseResult, finding: Finding): boolean {
    const group = this.#groups.get(key) ?? { part, kind, finding, count: 0, number }
    group.count += 1
    this.#groups.set(key, group)
    return group.count <= keptOfAKind
  }
}

/** Findings of one fault are alike where the mutations are; of those with a stack, only where it is the same error. */
function groupOf(part: string, { kind }: CaseResult, { fault, text }: Finding): string {
  const [error] = /\w*Error: .{0,30}/.exec(text) ?? []
  return [part, kind, fault, fault === 'stack' ? error : ''].join('|')
}
