import { InvalidArgumentError } from 'commander'
import { figureIds, presentFigure } from '../../../shared/papers/papers.ts'
import { formatSpec } from '../../../shared/specification/formatSpec.ts'
import { templates } from '../../../shared/specification/templates.ts'
import { describeFigures } from '../../services/nodeLaboratory.ts'

/** What `template` knows by name: small examples, and the experiments of the papers' figures. */
export const templateChoices = [...Object.keys(templates), ...figureIds]

/** Throws where a name is none of them; one that a figure had before stands for it. */
export function templateName(given: string): string {
  const name = presentFigure(given)
  if (templateChoices.includes(name)) return name
  throw new InvalidArgumentError(`Allowed choices are ${templateChoices.join(', ')}.`)
}

/** `grokscope template NAME > spec.json`: a specification to begin from, or the list of those that a figure runs. */
export async function template(name: string): Promise<void> {
  const specs = await specificationsOf(name)
  const texts = specs.map((spec) => formatSpec(spec as Readonly<Record<string, unknown>>))
  process.stdout.write(`${texts.length === 1 ? texts[0] : `[\n${texts.join(',\n')}\n]`}\n`)
}

async function specificationsOf(name: string): Promise<readonly object[]> {
  if (name in templates) return [templates[name as keyof typeof templates]]
  const figures = await describeFigures()
  const figure = figures.find(({ id }) => id === name)
  const used = figures.find(({ id }) => id === figure?.usesRunsOf) ?? figure
  return used?.experiments ?? []
}
