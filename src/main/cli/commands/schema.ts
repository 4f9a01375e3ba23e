import { specificationSchema } from '../../../shared/specification/jsonSchema.ts'

/** `grokscope schema`: what a specification may hold, as a JSON Schema. */
export function schema(): void {
  process.stdout.write(`${JSON.stringify(specificationSchema(), null, 2)}\n`)
}
