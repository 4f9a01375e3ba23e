import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import ts from 'typescript'

const root = join(import.meta.dirname, '../../src')
const read = (path: string) => readFileSync(join(root, path), 'utf8')

/** The exported functions, of what the window shows, whose result is a panel or holds one, by file: `normsPanel.normsPanel`. */
export function panelBuilders(): string[] {
  return globSync('{renderer/{views,curves,charts},shared/{curves,panels,charts}}/**/*.ts', { cwd: root })
    .flatMap((path) => {
      const file = path.replace(/^.*\//, '').replace(/\.ts$/, '')
      const source = ts.createSourceFile(path, read(path), ts.ScriptTarget.Latest)
      return source.statements
        .filter(ts.isFunctionDeclaration)
        .filter(({ modifiers }) => modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword))
        .filter(
          ({ type }) =>
            type && /\b(Line|Heatmap|Map|Parallel|Group|Plot|Table)?Panel\b(?!\[)/.test(type.getText(source)),
        )
        .map(({ name }) => `${file}.${name!.text}`)
    })
    .sort()
}

/** Components that make a panel themselves, where no test sees it. */
export function panelsInComponents(): string[] {
  return globSync('renderer/**/*.vue', { cwd: root }).filter((path) =>
    /kind: '(lines|heatmap|map|parallel|table)'/.test(read(path)),
  )
}
