import { formatSpec } from '../../../shared/specification/formatSpec.ts'
import { templates, type TemplateName } from '../../../shared/specification/templates.ts'

/** `grokscope template NAME > spec.json`: a specification to begin from. */
export function template(name: TemplateName): void {
  process.stdout.write(`${formatSpec(templates[name])}\n`)
}
