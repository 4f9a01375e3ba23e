import { mergeConfig } from 'vitest/config'
import { slow } from '../../vitest.config.ts'
import fast from '../../vitest.fast.config.ts'

// A room's own tests: whole runs, figures and hosts pass through it as well, and take minutes for each mutant.
const rooms = ['lab/{analysis,dynamics,evolutions,network}', 'store']

// What opens an archive is tried by tests that take long: they are there to be named.
const exclude = slow.filter((file) => !file.startsWith('test/main/store/'))

export default mergeConfig(
  { ...fast, test: { ...fast.test, include: [], exclude } },
  {
    test: {
      include: [...rooms.map((room) => `test/main/${room}/**/*.test.ts`), 'test/main/lab/{analyze,valueBound}.test.ts'],
    },
  },
)
