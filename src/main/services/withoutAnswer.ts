/** A handler that answers nothing. */
export function withoutAnswer<Data>(act: (data: Data) => void): (data: Data) => null {
  return (data) => {
    act(data)
    return null
  }
}
