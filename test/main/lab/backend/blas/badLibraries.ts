import { execFileSync, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../../../../support/folders.ts'

/** Whether small libraries can be compiled here. */
export const hasCompiler = spawnSync('cc', ['--version']).status === 0

/** Files that pretend to be BLAS libraries, in a folder that is removed after the tests; each function gives a path. */
export function badLibraries() {
  const folder = temporaryFolder()

  const compile = (name: string, source: string) => () => {
    const [from, to] = [join(folder, `${name}.c`), join(folder, `lib${name}.so`)]
    writeFileSync(from, source)
    execFileSync('cc', ['-shared', '-fPIC', '-o', to, from])
    return to
  }

  return {
    text: () => {
      const path = join(folder, 'libtext.so')
      writeFileSync(path, 'not a library')
      return path
    },
    withoutSyrk: compile('withoutSyrk', 'void cblas_dgemm(void) {}'),
    /** Every routine returns at once and leaves its output as it was. */
    wrong: compile('wrong', 'void cblas_dgemm(void) {} void cblas_dsyrk(void) {} void cblas_dtrsm(void) {}'),
    /** Ends the process that calls it. */
    crashing: compile(
      'crashing',
      '#include <stdlib.h>\nvoid cblas_dgemm(void) { abort(); } void cblas_dsyrk(void) {} void cblas_dtrsm(void) {}',
    ),
    /** Never returns. Each time it is loaded it adds a byte to `loads`. */
    hanging: compile(
      'hanging',
      `#include <stdio.h>
       __attribute__((constructor)) static void count(void) {
         FILE *file = fopen("${join(folder, 'loads')}", "a"); fputc('x', file); fclose(file);
       }
       void cblas_dgemm(void) { for (;;) ; } void cblas_dsyrk(void) {} void cblas_dtrsm(void) {}`,
    ),
    loads: join(folder, 'loads'),
  }
}
