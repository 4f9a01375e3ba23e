import { spawnSync } from 'node:child_process'

export const hasPython = spawnSync('python3', ['-c', '']).status === 0

/** Whether `python3` with NumPy is available: a peer for files and trajectories where it is there. */
export const hasNumpy = spawnSync('python3', ['-c', 'import numpy']).status === 0

/** What a Python program prints as JSON; `np` is NumPy, `input` what is given. */
export function askPython(program: string, input: unknown = null): unknown {
  const script = `import json, sys\nimport numpy as np\ninput = json.load(sys.stdin)\n${program}`
  const { status, stdout, stderr } = spawnSync('python3', ['-c', script], {
    input: JSON.stringify(input),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  })
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}
