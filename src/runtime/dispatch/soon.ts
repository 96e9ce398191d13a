/** After what the present turn of the event loop does: everybody who hands something over at once is in. */
export const soon: (task: () => void) => void =
  typeof setImmediate === 'function' ? (task) => void setImmediate(task) : (task) => void setTimeout(task, 0)
