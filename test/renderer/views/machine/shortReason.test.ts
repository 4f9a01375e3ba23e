import { describe, expect, it } from 'vitest'
import { fileNames, shortReason } from '../../../../src/renderer/views/machine/shortReason.ts'

describe('the reason why a backend is missing', () => {
  it.each([
    [
      'the package @tensorflow/tfjs-node-gpu does not load: the module (a.node) is not at /home/me/node_modules/a.node.',
      'The package @tensorflow/tfjs-node-gpu does not load.',
    ],
    [
      "BLAS library '/usr/lib/libx.so.0' cannot be used: no symbol",
      "BLAS library 'libx.so.0' cannot be used: no symbol.",
    ],
    ['it does not load: C:\\Program\\lib\\a.node', 'It does not load.'],
    ['the package @tensorflow/tfjs is not installed', 'The package @tensorflow/tfjs is not installed.'],
    ['it found no GPU: it needs CUDA 11 and/or cuDNN 8', 'It found no GPU: it needs CUDA 11 and/or cuDNN 8.'],
  ])('%s', (reason, words) => {
    expect(shortReason(reason)).toBe(words)
  })
})

describe('files without their folders', () => {
  it('leave rates and shares as they are', () => {
    const text = 'OpenBLAS (/lib/x86_64-linux-gnu/libopenblas.so.0), 9 × 10⁹ multiply-adds/s'
    expect(fileNames(text)).toBe('OpenBLAS (libopenblas.so.0), 9 × 10⁹ multiply-adds/s')
  })
})
