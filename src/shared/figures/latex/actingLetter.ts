/** The first letter of a file's name that acts in LaTeX however it is written there, so that the file cannot be included. */
export function actingLetter(name: string): string | undefined {
  return /[%#{}\\"~^\p{Cc}]/u.exec(name)?.[0]
}
