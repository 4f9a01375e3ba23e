import { randomFillSync } from 'node:crypto'
import { writeWhole } from '../../src/main/files/writeWhole.ts'
import { encodeNpz } from '../../src/main/services/interchange/encodeNpz.ts'

/**
 * A process of its own that writes a `.npz` whose first array takes more than 4 GiB: `node writeLargeNpz.ts FILE`. With
 * `noise` behind it, the file does too.
 */
const [path, content] = process.argv.slice(2) as [string, string]
const block = new Float64Array(2 ** 20)
const blocks = 520
if (content === 'noise') randomFillSync(new Uint8Array(block.buffer))

function* large() {
  for (let i = 0; i < blocks; i++) yield block
  yield Float64Array.of(42)
}

await writeWhole(
  path,
  encodeNpz([
    ['large', { shape: [blocks * block.length + 1], type: '<f8', parts: large() }],
    ['after', { shape: [2], type: '<f8', parts: [Float64Array.of(1, 43)] }],
  ]),
)
