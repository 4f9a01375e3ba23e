import { paperOf, papers, type FigureId, type PaperId } from '../../papers/papers.ts'
import { version } from '../../version.ts'

/** BibTeX of the papers that figures are of, and of the program; of none, the paper that the program is about. */
export function bibliography(figures: readonly FigureId[]): string {
  const ids = new Set<PaperId>(figures.map((figure) => paperOf(figure).id))
  const named = papers.filter(({ id }) => ids.has(id))
  const entries = (named.length > 0 ? named : papers.slice(0, 1)).map((paper) =>
    entry('misc', paper.id, {
      author: paper.authors.replaceAll(', ', ' and '),
      title: `{${[paper.title, paper.subtitle].filter(Boolean).join(': ')}}`,
      year: String(paper.year),
      eprint: paper.arXiv,
      archiveprefix: 'arXiv',
    }),
  )
  const program = entry('misc', 'grokscope', {
    author: '{The Grokscope maintainers}',
    title: `{Grokscope ${version}: a desktop laboratory for the geometry of grokking}`,
    note: 'Computer program',
  })
  return [...entries, program].join('\n')
}

function entry(kind: string, key: string, fields: Readonly<Record<string, string>>): string {
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = {${value}},`)
  return `@${kind}{${key},\n${lines.join('\n')}\n}\n`
}
