/** Does what must not end its caller: what is thrown is reported, and `undefined` comes back. */
export function tryStep<Output>(act: () => Output, report: (error: unknown) => void): Output | undefined {
  try {
    return act()
  } catch (error) {
    report(error)
    return undefined
  }
}
