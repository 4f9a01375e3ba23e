import type { HostRequest } from '../contract.ts'
import { readRuns } from '../curves/readRuns.ts'
import type { RunDetail } from '../run.ts'
import type { Composition } from './composition.ts'
import { bibliography } from './latex/bibliography.ts'
import { describeRuns } from './latex/describeRuns.ts'
import { runsBehind } from './sources/sources.ts'

/** What is said of a figure beside it: how its runs were made (marked for `setSymbols`), and what it rests on as BibTeX. */
export interface FigureTexts {
  methods: string
  bibtex: string
}

const shownAtOnce = 50

/** Asks a host for the runs behind a figure. */
export async function figureTexts({ panels }: Pick<Composition, 'panels'>, request: HostRequest): Promise<FigureTexts> {
  const behind = await Promise.all(panels.map(({ source }) => runsBehind(source, request)))
  const byArchive = Map.groupBy(behind, ({ archive }) => archive)
  const details: RunDetail[] = []
  for (const [archive, members] of byArchive) {
    const { runs } = await readRuns({ runIds: [...new Set(members.flatMap(({ runIds }) => runIds))], archive }, request)
    for (let at = 0; at < runs.length; at += shownAtOnce) {
      const part = runs.slice(at, at + shownAtOnce)
      const shown = await Promise.all(part.map(({ id: runId }) => request('run.show', { runId, archive })))
      // What a newer version specified, this one has no words for.
      for (const run of shown) if (run.spec !== null) details.push(run)
    }
  }
  const ofPanels = panels.flatMap(({ source }) => (source.kind === 'paper' ? source.figure : []))
  const ofRuns = details.flatMap(({ figure }) => figure ?? [])
  return { methods: describeRuns(details), bibtex: bibliography([...ofPanels, ...ofRuns]) }
}
