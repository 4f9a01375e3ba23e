import { LabError } from '../../../shared/errors.ts'
import { specificationSchema, sweepJsonSchema } from '../../../shared/specification/jsonSchema.ts'
import { markdownTable } from '../../../shared/specification/markdownTable.ts'

/** `grokscope schema [sweep]`: what a specification or a sweep may hold, as a JSON Schema, or a specification as a table to be read. */
export function schema(of: 'specification' | 'sweep', { table = false }: { table?: boolean }): void {
  if (table && of === 'sweep') throw new LabError('USAGE', '--table: a sweep has none; leave it out')
  const json = of === 'sweep' ? sweepJsonSchema() : specificationSchema()
  process.stdout.write(table ? `${markdownTable()}\n` : `${JSON.stringify(json, null, 2)}\n`)
}
