import { mergeConfig } from 'vitest/config'
import fast from '../../vitest.fast.config.ts'

// A room's own tests: whole runs, figures and hosts pass through it as well, and take minutes for each mutant.
const rooms = ['lab/{analysis,dynamics,evolutions,network}', 'store']

export default mergeConfig(
  { ...fast, test: { ...fast.test, include: [] } },
  {
    test: {
      include: [...rooms.map((room) => `test/main/${room}/**/*.test.ts`), 'test/main/lab/{analyze,valueBound}.test.ts'],
    },
  },
)
