import { specificationSchema } from '../../../shared/specification/jsonSchema.ts'
import { markdownTable } from '../../../shared/specification/markdownTable.ts'

/** `grokscope schema`: what a specification may hold, as a JSON Schema, or as a table to be read. */
export function schema({ table = false }: { table?: boolean }): void {
  process.stdout.write(table ? `${markdownTable()}\n` : `${JSON.stringify(specificationSchema(), null, 2)}\n`)
}
