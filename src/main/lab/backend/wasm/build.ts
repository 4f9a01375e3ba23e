import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import asc from 'assemblyscript/asc'
import { firstPages, maximumPages } from './kernels.ts'

/*
 * Compiles the kernels once for each precision, beside their loader (kernels.ts) or into the folder named as argument:
 * a bundle needs its own copy next to its scripts.
 */
const here = fileURLToPath(new URL('.', import.meta.url))
const folder = process.argv[2] ?? here
mkdirSync(folder, { recursive: true })

for (const [precision, real] of [
  ['float64', 'f64'],
  ['float32', 'f32'],
] as const) {
  const { error, stderr } = await asc.main([
    join(here, 'kernels/index.ts'),
    ...['--outFile', join(folder, `kernels.${precision}.wasm`), '--baseDir', '/'],
    ...['--use', `real=${real}`, '--use', 'abort='],
    ...['--optimizeLevel', '3', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--enable', 'threads'],
    ...['--importMemory', '--sharedMemory', '--memoryBase', '1024'],
    ...['--initialMemory', String(firstPages), '--maximumMemory', String(maximumPages)],
  ])
  if (error) {
    process.stderr.write(stderr.toString())
    process.exit(1)
  }
}
